using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Reviews;

/// <summary>What is wrong with an access review, in upstream's order and words.</summary>
internal static class AccessReviewValidation
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Checks a spec: about one thing, and, unless it is about the caller, about somebody.</summary>
    public static void ValidateSpec(JsonObject spec, bool aboutCaller, FieldErrors errors)
    {
        var resource = spec.Object("resourceAttributes");
        var path = spec.Object("nonResourceAttributes");
        if (resource is not null && path is not null)
            errors.Add(FieldError.Invalid("spec.nonResourceAttributes", Shown(path), "cannot be specified in combination with resourceAttributes"));
        if (resource is null && path is null)
        {
            errors.Add(FieldError.Invalid(
                "spec.resourceAttributes", null, "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
        }
        if (!aboutCaller && (spec.Text("user") ?? "").Length == 0 && spec.List("groups") is not { Count: > 0 })
            errors.Add(FieldError.Invalid("spec.user", "", "at least one of user or group must be specified"));
        ValidateSelector(resource, "fieldSelector", ValidateFieldRequirement, errors);
        ValidateSelector(resource, "labelSelector", ValidateLabelRequirement, errors);
    }

    /// <summary>A review has no metadata, for it is no object.</summary>
    public static void ValidateMetadata(JsonObject review, bool namespaced, FieldErrors errors)
    {
        if (review.Object("metadata") is not { } metadata)
            return;
        var known = metadata.Where(m => m.Key != "managedFields" && !(namespaced && m.Key == "namespace")).Select(m => m.Key).ToList();
        if (known.Count > 0)
        {
            errors.Add(FieldError.Invalid(
                "metadata", Raw(metadata), namespaced ? "must be empty except for namespace" : "must be empty"));
        }
    }

    /// <summary>The attributes of a path as upstream's errors show them.</summary>
    public static FormattableString Shown(JsonObject path) => Raw(new JsonObject
    {
        ["Path"] = path.Text("path") ?? "",
        ["Verb"] = path.Text("verb") ?? "",
    });

    private static void ValidateSelector(
        JsonObject? resource, string name, Action<JsonObject, string, FieldErrors> validateRequirement, FieldErrors errors)
    {
        if (resource.Object(name) is not { } selector)
            return;
        var path = $"spec.resourceAttributes.{name}";
        var raw = selector.Text("rawSelector") ?? "";
        var requirements = selector.Objects("requirements").ToList();
        if (raw.Length > 0 && requirements.Count > 0)
            errors.Add(FieldError.Invalid($"{path}.rawSelector", raw, "may not specified at the same time as requirements"));
        if (raw.Length == 0 && requirements.Count == 0)
            errors.Add(FieldError.Required($"{path}.requirements", $"when {path} is specified, requirements or rawSelector is required"));
        for (var i = 0; i < requirements.Count; i++)
            validateRequirement(requirements[i], $"{path}.requirements[{i}]", errors);
    }

    private static void ValidateFieldRequirement(JsonObject requirement, string path, FieldErrors errors)
    {
        if ((requirement.Text("key") ?? "").Length == 0)
            errors.Add(FieldError.Required($"{path}.key", "must be specified"));
        ValidateOperator(requirement, path, errors);
    }

    private static void ValidateLabelRequirement(JsonObject requirement, string path, FieldErrors errors)
    {
        ValidateOperator(requirement, path, errors);
        var key = requirement.Text("key") ?? "";
        foreach (var message in NameFormats.QualifiedName(key))
            errors.Add(FieldError.Invalid($"{path}.key", key, message));
        var values = requirement.List("values") ?? [];
        for (var i = 0; i < values.Count; i++)
        {
            var value = values[i].AsText() ?? "";
            foreach (var message in NameFormats.LabelValue(value))
                errors.Add(FieldError.Invalid($"{path}.values[{i}]", value, message));
        }
    }

    // An operator that is not known here may be known to whoever asks: it is left out, not refused.
    private static void ValidateOperator(JsonObject requirement, string path, FieldErrors errors)
    {
        var hasValues = requirement.List("values") is { Count: > 0 };
        switch (requirement.Text("operator"))
        {
            case "In" or "NotIn" when !hasValues:
                errors.Add(FieldError.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'"));
                break;
            case "Exists" or "DoesNotExist" when hasValues:
                errors.Add(FieldError.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
                break;
            default:
                break;
        }
    }

    /// <summary>JSON that an error shows as it is, without quotes.</summary>
    private static FormattableString Raw(JsonObject obj)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Relaxed))
            obj.WriteTo(writer);
        return $"{Encoding.UTF8.GetString(output.WrittenSpan)}";
    }
}
