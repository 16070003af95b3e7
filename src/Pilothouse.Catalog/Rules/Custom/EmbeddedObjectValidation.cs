using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>Objects within objects (x-kubernetes-embedded-resource) say what they are, and have metadata as objects have it.</summary>
internal static class EmbeddedObjectValidation
{
    /// <summary>Checks all of them in an object.</summary>
    public static void Validate(StructuralSchema schema, JsonObject obj, FieldErrors errors) => StructuralWalk.Within(schema, obj, (inner, value, path) =>
    {
        if (inner.IsEmbeddedResource && value is JsonObject embedded)
            Check(embedded, path, errors);
    });

    private static void Check(JsonObject obj, FieldPath path, FieldErrors errors)
    {
        foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind"])
        {
            var at = path.Child(name).ToString();
            if (!obj.TryGetPropertyValue(name, out var value))
                errors.Add(FieldError.Required(at));
            else if (value.AsText() is not { } text)
                errors.Add(FieldError.Invalid(at, value, "must be a string"));
            else if (text.Length == 0)
                errors.Add(FieldError.Invalid(at, text, "must not be empty"));
            else if (name == "apiVersion" && text.Count(c => c == '/') > 1)
                errors.Add(FieldError.Invalid(at, text, $"unexpected GroupVersion string: {text}"));
            else if (name == "kind" && NameFormats.Dns1035Label(text.ToLowerInvariant()) is { Count: > 0 } faults)
                errors.Add(FieldError.Invalid(at, text, $"may have mixed case, but should otherwise match: {string.Join(",", faults)}"));
        }
        if (obj.Object("metadata") is not { } metadata)
            return;
        var prefix = path.Child("metadata").ToString();
        MetadataValidation.ValidateLabels(metadata.Object("labels"), $"{prefix}.labels", errors);
        MetadataValidation.ValidateAnnotations(metadata.Object("annotations"), $"{prefix}.annotations", errors);
        MetadataValidation.ValidateOwnerReferences(metadata.List("ownerReferences"), $"{prefix}.ownerReferences", errors);
        MetadataValidation.ValidateFinalizers(metadata.List("finalizers"), $"{prefix}.finalizers", errors);
    }
}
