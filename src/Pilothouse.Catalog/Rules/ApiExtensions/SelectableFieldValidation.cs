using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The fields that selectors may name.</summary>
internal static class SelectableFieldValidation
{
    public const int Most = 8;

    /// <summary>Checks selectable fields against the schema that they are fields of.</summary>
    public static void Validate(JsonArray fields, JsonObject? schema, bool allowTooMany, FieldPath path, FieldErrors errors)
    {
        var unique = new HashSet<string>();
        for (var i = 0; i < fields.Count; i++)
        {
            var at = path.Index(i).Child("jsonPath");
            var text = (fields[i] as JsonObject).Word("jsonPath");
            if (text.Length == 0)
            {
                errors.Required(at);
                continue;
            }
            var (found, first, field, fault) = SchemaPath.Find(text, schema, arrayNotation: false);
            if (fault is not null)
            {
                errors.Invalid(at, text, "is an invalid path: " + fault);
                continue;
            }
            if (first == "metadata")
                errors.Invalid(at, text, "must not point to fields in metadata");
            if (field.Word("type") is not ("string" or "boolean" or "integer"))
            {
                errors.Invalid(at, text,
                    "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.");
            }
            if (!unique.Add(found))
                errors.Duplicate(at, text);
        }
        if (unique.Count > Most && !allowTooMany)
            errors.TooMany(path, unique.Count, Most);
    }
}
