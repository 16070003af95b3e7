using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>How much of a capacity a claim can ask for: one of some amounts, or one of a range in steps.</summary>
internal static class CapacityPolicyValidation
{
    private const int MaxOptions = 10;

    public static void Validate(JsonObject capacity, JsonObject policy, FieldPath path, FieldErrors errors)
    {
        var most = QuantityValidation.Read(capacity["value"]);
        var range = policy.Object("validRange");
        var normal = policy.ContainsKey("default") ? QuantityValidation.Read(policy["default"]) : (Quantity?)null;
        if (policy.CountOf("validValues") > 0 && range is not null)
            errors.Forbidden(path, "exactly one policy can be specified, cannot specify \"validValues\" and \"validRange\" at the same time");
        else if (policy.List("validValues") is { Count: > 0 } options && normal is { } chosen)
            ValidateOptions(options, chosen, most, path.Child("validValues"), errors);
        else if (policy.CountOf("validValues") > 0)
            errors.Required(path.Child("default"), "required when validValues is defined");
        else if (range is not null && normal is { } usual)
            ValidateRange(range, usual, most, path.Child("validRange"), errors);
        else if (range is not null)
            errors.Required(path.Child("default"), "required when validRange is defined");
    }

    private static void ValidateOptions(JsonArray options, Quantity normal, Quantity most, FieldPath path, FieldErrors errors)
    {
        var amounts = new Quantity[options.Count];
        for (var i = 0; i < amounts.Length; i++)
        {
            amounts[i] = QuantityValidation.Read(options[i]);
            if (i > 0 && amounts[i - 1] > amounts[i])
                errors.Invalid(path.Index(i), amounts[i].ToString(), "values must be sorted in ascending order");
        }
        if (amounts.Length > MaxOptions)
        {
            errors.TooMany(path, amounts.Length, MaxOptions);
        }
        else
        {
            for (var i = 0; i < amounts.Length; i++)
            {
                if (amounts[i] > most)
                    errors.Invalid(path.Index(i), amounts[i].ToString(), $"option is larger than capacity value: {most}");
            }
            var seen = new HashSet<long>();
            for (var i = 0; i < amounts.Length; i++)
            {
                if (!seen.Add(amounts[i].Value))
                    errors.Duplicate(path.Index(i), amounts[i].Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
        if (amounts.Length > MaxOptions || !amounts.Contains(normal))
            errors.Invalid(path, normal.ToString(), "default value is not valid according to the requestPolicy");
    }

    private static void ValidateRange(JsonObject range, Quantity normal, Quantity most, FieldPath path, FieldErrors errors)
    {
        if (!range.ContainsKey("min"))
        {
            errors.Required(path.Child("min"), "required when validRange is defined");
            return;
        }
        var min = QuantityValidation.Read(range["min"]);
        if (min > most)
            errors.Invalid(path.Child("min"), min.ToString(), $"min is larger than capacity value: {most}");
        if (normal < min)
            errors.Invalid(path.Child("min"), normal.ToString(), $"default is less than min: {min}");
        Quantity? max = range.ContainsKey("max") ? QuantityValidation.Read(range["max"]) : null;
        if (max is { } upper)
        {
            if (min > upper)
                errors.Invalid(path.Child("max"), min.ToString(), $"min is larger than max: {upper}");
            if (upper > most)
                errors.Invalid(path.Child("max"), upper.ToString(), $"max is larger than capacity value: {most}");
            if (normal > upper)
                errors.Invalid(path.Child("max"), normal.ToString(), $"default is more than max: {upper}");
        }
        if (!range.ContainsKey("step"))
            return;
        var step = QuantityValidation.Read(range["step"]);
        var first = min.Add(step);
        if (first > most)
            errors.Invalid(path.Child("step"), step.ToString(), $"one step {first} is larger than capacity value: {most}");
        ValidateStep(normal, min, step, path.Child("step"), errors);
        if (max is { } last)
            ValidateStep(last, min, step, path.Child("step"), errors);
    }

    private static void ValidateStep(Quantity value, Quantity min, Quantity step, FieldPath path, FieldErrors errors)
    {
        // Upstream divides by a step of zero, and breaks: here nothing is a multiple of it.
        if (step.Value == 0 || unchecked(value.Value - min.Value) % step.Value != 0)
            errors.Invalid(path, value.ToString(), $"value is not a multiple of a given step ({step}) from ({min})");
    }
}
