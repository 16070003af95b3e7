using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Where the scale of an object is, and what tables show of it: paths of names with dots.</summary>
internal static class SubresourceValidation
{
    private static readonly string[] ColumnTypes = ["boolean", "date", "integer", "number", "string"];

    private static readonly string[] ColumnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

    /// <summary>Checks the subresources of a version, or of all.</summary>
    public static void Validate(JsonObject? subresources, FieldPath path, FieldErrors errors)
    {
        if (subresources.Object("scale") is not { } scale)
            return;
        var at = path.Child("scale");
        CheckPath(scale.Word("specReplicasPath"), true, at.Child("specReplicasPath"), "should be a json path under .spec", errors, ".spec.");
        CheckPath(scale.Word("statusReplicasPath"), true, at.Child("statusReplicasPath"), "should be a json path under .status", errors, ".status.");
        CheckPath(scale.Word("labelSelectorPath"), false, at.Child("labelSelectorPath"),
            "should be a json path under either .spec or .status", errors, ".spec.", ".status.");
    }

    /// <summary>Checks the columns of a version's tables, or of all.</summary>
    public static void ValidateColumns(JsonArray? columns, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < (columns?.Count ?? 0); i++)
        {
            var (at, column) = (path.Index(i), columns![i] as JsonObject);
            if (column.Word("name").Length == 0)
                errors.Required(at.Child("name"));
            var (type, format, text) = (column.Word("type"), column.Word("format"), column.Word("jsonPath"));
            var types = "must be one of " + string.Join(',', ColumnTypes);
            if (type.Length == 0)
                errors.Required(at.Child("type"), types);
            else if (!ColumnTypes.Contains(type))
                errors.Invalid(at.Child("type"), type, types);
            if (format.Length > 0 && !ColumnFormats.Contains(format))
                errors.Invalid(at.Child("format"), format, "must be one of " + string.Join(',', ColumnFormats));
            CheckPath(text, true, at.Child("JSONPath"), "", errors, "");
        }
    }

    private static void CheckPath(string text, bool required, FieldPath path, string detail, FieldErrors errors, params ReadOnlySpan<string> under)
    {
        if (text.Length == 0)
        {
            if (required)
                errors.Required(path);
            return;
        }
        if (text[0] != '.')
        {
            errors.Invalid(path, text, "must be a simple json path starting with .");
            return;
        }
        foreach (var prefix in under)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
                return;
        }
        errors.Invalid(path, text, detail);
    }
}
