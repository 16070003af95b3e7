using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The metrics of an autoscaler: each has the source of its type and no other.</summary>
internal static class MetricValidation
{
    private static readonly string[] Types = ["ContainerResource", "External", "Object", "Pods", "Resource"];

    // In the order in which upstream looks.
    private static readonly (string Type, string Field)[] Sources =
        [("Object", "object"), ("External", "external"), ("Pods", "pods"), ("Resource", "resource"), ("ContainerResource", "containerResource")];

    public static void Validate(JsonObject metric, FieldPath path, bool skipVersion, FieldErrors errors)
    {
        var type = metric.Text("type") ?? "";
        if (type.Length == 0)
            errors.Required(path.Child("type"), "must specify a metric source type");
        if (!Types.Contains(type))
            errors.NotSupported(path.Child("type"), type, Types);
        var present = new List<string>();
        foreach (var (_, field) in Sources)
        {
            if (metric.Object(field) is not { } source)
                continue;
            present.Add(field);
            if (present.Count == 1)
                ValidateSource(field, source, path.Child(field), skipVersion, errors);
        }
        var expected = Sources.FirstOrDefault(s => s.Type == type).Field;
        if (expected is null)
            errors.NotSupported(path.Child("type"), type, Types);
        else if (!present.Contains(expected))
            errors.Required(path.Child(expected), "must populate information for the given metric source");
        if (present.Count == 1)
            return;
        foreach (var field in present)
        {
            if (field != expected)
                errors.Forbidden(path.Child(field), "must populate the given metric source only");
        }
    }

    /// <summary>What is scaled, or what a metric speaks of.</summary>
    public static void ValidateReference(JsonObject reference, FieldPath path, bool skipVersion, bool allowCore, FieldErrors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["kind", "name"])
        {
            if (reference.Text(field) is not { Length: > 0 } text)
                errors.Required(path.Child(field));
            else
                errors.InvalidEach(path, field, text, NameFormats.PathSegment(text));
        }
        if (!skipVersion && VersionFault(reference, allowCore) is { } fault)
            errors.Invalid(path.Child("apiVersion"), reference.Text("apiVersion") ?? "", fault);
    }

    public static string? VersionFault(JsonObject reference, bool allowCore)
    {
        var version = reference.Text("apiVersion") ?? "";
        var slashes = version.Count(c => c == '/');
        return slashes > 1 ? $"unexpected GroupVersion string: {version}"
            : !allowCore && slashes == 0 ? "apiVersion must specify API group"
            : null;
    }

    private static void ValidateSource(string field, JsonObject source, FieldPath path, bool skipVersion, FieldErrors errors)
    {
        var target = source.Object("target") ?? [];
        switch (field)
        {
            case "object":
                ValidateReference(source.Object("describedObject") ?? [], path.Child("describedObject"), skipVersion, allowCore: true, errors);
                ValidateIdentifier(source, path, errors);
                break;
            case "external" or "pods":
                ValidateIdentifier(source, path, errors);
                break;
            default:
                ValidateResource(field, source, path, errors);
                break;
        }
        ValidateTarget(target, path.Child("target"), errors);
        ValidateAmounts(field, target, path.Child("target"), errors);
    }

    private static void ValidateResource(string field, JsonObject source, FieldPath path, FieldErrors errors)
    {
        var name = source.Text("name") ?? "";
        if (name.Length == 0)
            errors.Required(path.Child("name"), "must specify a resource name");
        else if (field == "containerResource")
            QuantityValidation.ValidateContainerName(name, path.Child("name"), errors);
        if (field != "containerResource")
            return;
        if (source.Text("container") is not { Length: > 0 } container)
            errors.Required(path.Child("container"), "must specify a container");
        else
            errors.InvalidEach(path, "container", container, NameFormats.DnsLabel(container));
    }

    private static void ValidateIdentifier(JsonObject source, FieldPath path, FieldErrors errors)
    {
        if (source.Object("metric")?.Text("name") is not { Length: > 0 } name)
            errors.Required(path.Child("metric", "name"), "must specify a metric name");
        else
            errors.InvalidEach(path.Child("metric"), "name", name, NameFormats.PathSegment(name));
    }

    private static void ValidateTarget(JsonObject target, FieldPath path, FieldErrors errors)
    {
        var type = target.Text("type") ?? "";
        if (type.Length == 0)
            errors.Required(path.Child("type"), "must specify a metric target type");
        if (type is not ("Utilization" or "Value" or "AverageValue"))
            errors.Invalid(path.Child("type"), type, "must be either Utilization, Value, or AverageValue");
        foreach (var field in (ReadOnlySpan<string>)["value", "averageValue"])
        {
            if (target[field] is { } node && QuantityValidation.Read(node) is { Sign: <= 0 } quantity)
                errors.Invalid(path.Child(field), quantity.ToString(), "must be positive");
        }
        if (target.Integer("averageUtilization") is < 1 and { } utilization)
            errors.Invalid(path.Child("averageUtilization"), utilization, "must be greater than 0");
    }

    private static void ValidateAmounts(string field, JsonObject target, FieldPath path, FieldErrors errors)
    {
        var (value, average, utilization) = (target.ContainsKey("value"), target.ContainsKey("averageValue"), target.ContainsKey("averageUtilization"));
        switch (field)
        {
            case "object":
                if (!value && !average)
                    errors.Required(path.Child("averageValue"), "must set either a target value or averageValue");
                break;
            case "external":
                if (!value && !average)
                    errors.Required(path.Child("averageValue"), "must set either a target value for metric or a per-pod target");
                if (value && average)
                    errors.Forbidden(path.Child("value"), "may not set both a target value for metric and a per-pod target");
                break;
            case "pods":
                if (!average)
                    errors.Required(path.Child("averageValue"), "must specify a positive target averageValue");
                break;
            default:
                if (!utilization && !average)
                    errors.Required(path.Child("averageUtilization"), "must set either a target raw value or a target utilization");
                if (utilization && average)
                    errors.Forbidden(path.Child("averageValue"), "may not set both a target raw value and a target utilization");
                break;
        }
    }
}
