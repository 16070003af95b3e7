using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Limit ranges: minimum, default request, default and maximum of each resource are in that order.</summary>
internal sealed class LimitRangeRules : KindRules
{
    private const long MaxMilliValue = long.MaxValue / 1000;

    private static readonly FieldPath Limits = FieldPath.Spec.Child("limits");

    public override bool AllowsCreateOnUpdate => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var types = new HashSet<string>();
        foreach (var (i, limit) in obj.Object("spec").Items("limits"))
        {
            var path = Limits.Index(i);
            var type = limit.Word("type");
            ValidateType(type, path.Child("type"), errors);
            if (!types.Add(type))
                errors.Duplicate(path.Child("type"), type);
            ValidateLimit(limit, type, path, errors);
        }
    }

    private static void ValidateType(string type, FieldPath path, FieldErrors errors)
    {
        if (NameFormats.QualifiedName(type) is { Count: > 0 } faults)
            errors.InvalidEach(path, type, faults);
        else if (!type.Contains('/') && type is not ("Pod" or "Container" or "PersistentVolumeClaim"))
            errors.Invalid(path, type, "must be a standard limit type or fully qualified");
    }

    private static void ValidateLimit(JsonObject limit, string type, FieldPath path, FieldErrors errors)
    {
        var names = new List<string>();
        ValidateNames(limit, "max", type, path, names, errors);
        ValidateNames(limit, "min", type, path, names, errors);
        foreach (var field in (ReadOnlySpan<string>)["default", "defaultRequest"])
        {
            if (type != "Pod")
                ValidateNames(limit, field, type, path, names, errors);
            else if (limit.Object(field) is { Count: > 0 })
                errors.Forbidden(path.Child(field), "may not be specified when `type` is 'Pod'");
        }
        if (type == "PersistentVolumeClaim" && limit.Object("min")?.ContainsKey("storage") != true && limit.Object("max")?.ContainsKey("storage") != true)
            errors.Required(path.Child("limits"), "either minimum or maximum storage value is required, but neither was provided");
        ValidateNames(limit, "maxLimitRequestRatio", type, path, names, errors);
        foreach (var name in names)
            ValidateOrder(limit, type, name, path, errors);
    }

    private static void ValidateNames(JsonObject limit, string field, string type, FieldPath path, List<string> names, FieldErrors errors)
    {
        foreach (var (name, _) in limit.Object(field) ?? [])
        {
            if (type is "Pod" or "Container")
                QuantityValidation.ValidateContainerName(name, path.Child(field).Key(name), errors);
            else
                QuantityValidation.ValidateName(name, path.Child(field).Key(name), errors);
            if (!names.Contains(name))
                names.Add(name);
        }
    }

    private static void ValidateOrder(JsonObject limit, string type, string name, FieldPath path, FieldErrors errors)
    {
        var (min, max) = (Amount("min"), Amount("max"));
        var (normal, request) = type == "Pod" ? (null, null) : (Amount("default"), Amount("defaultRequest"));
        if (min > max)
            Refuse("min", min, $"min value {min} is greater than max value {max}");
        if (min > request)
            Refuse("defaultRequest", request, $"min value {min} is greater than default request value {request}");
        if (request > max)
            Refuse("defaultRequest", request, $"default request value {request} is greater than max value {max}");
        if (request > normal)
            Refuse("defaultRequest", request, $"default request value {request} is greater than default limit value {normal}");
        // Here upstream shows the other amount.
        if (min > normal)
            Refuse("default", min, $"min value {min} is greater than default value {normal}");
        if (normal > max)
            Refuse("default", max, $"default value {normal} is greater than max value {max}");
        if (Amount("maxLimitRequestRatio") is { } ratio)
        {
            if (ratio < Quantity.Of(1))
                Refuse("maxLimitRequestRatio", ratio, $"ratio {ratio} is less than 1");
            if (min is { } least && max is { } most && LimitOf(ratio, least, most, out var highest))
            {
                Refuse("maxLimitRequestRatio", ratio, string.Create(CultureInfo.InvariantCulture,
                    $"ratio {ratio} is greater than max/min = {(double.IsInfinity(highest) ? "+Inf" : highest.ToString("F6", CultureInfo.InvariantCulture))}"));
            }
        }
        if (normal is not null && request is not null && normal != request && !ResourceNames.AllowsOvercommit(name))
            Refuse("defaultRequest", request, $"default value {normal} must equal to defaultRequest value {request} in {name}");

        Quantity? Amount(string field) =>
            limit.Object(field) is { } amounts && amounts.TryGetPropertyValue(name, out var value) ? QuantityValidation.Read(value) : null;

        void Refuse(string field, Quantity? value, string detail) => errors.Invalid(path.Child(field).Key(name), value.ToString(), detail);
    }

    /// <summary>Whether a ratio is beyond what minimum and maximum allow.</summary>
    private static bool LimitOf(Quantity ratio, Quantity min, Quantity max, out double highest)
    {
        var fine = ratio.Value < MaxMilliValue && min.Value < MaxMilliValue && max.Value < MaxMilliValue;
        highest = fine ? (double)max.MilliValue / min.MilliValue : (double)max.Value / min.Value;
        return (fine ? ratio.MilliValue / 1000.0 : ratio.Value) > highest;
    }
}
