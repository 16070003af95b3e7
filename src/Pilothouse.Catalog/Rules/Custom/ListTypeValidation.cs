using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>Lists that are sets or maps hold nothing twice (structural schemas' listtype validation).</summary>
internal static class ListTypeValidation
{
    /// <summary>Checks all lists in an object.</summary>
    public static void Validate(StructuralSchema schema, JsonObject obj, FieldErrors errors) => StructuralWalk.Within(schema, obj, (inner, value, path) =>
    {
        if (inner.ListType == "set" && value is JsonArray set)
            Duplicates(set, path, i => set[i], errors);
        else if (inner.ListType == "map" && value is JsonArray list)
            CheckMap(inner, list, path, errors);
    });

    private static void CheckMap(StructuralSchema schema, JsonArray list, FieldPath path, FieldErrors errors)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is not (null or JsonObject))
            {
                errors.Add(FieldError.Invalid(path.Index(i).ToString(), list[i], "must be an object for an array of list-type map"));
                return;
            }
        }
        var keys = list.Select(item => KeyOf(schema, item as JsonObject)).ToList();
        Duplicates(keys, path, i => keys[i], errors);
    }

    private static JsonObject KeyOf(StructuralSchema schema, JsonObject? item)
    {
        var key = new JsonObject();
        foreach (var name in schema.ListMapKeys)
        {
            if (item is not null && item.TryGetPropertyValue(name, out var value))
                key[name] = value?.DeepClone();
        }
        return key;
    }

    /// <summary>Each value that is there more than once is told where it comes for the second time.</summary>
    private static void Duplicates(IEnumerable<JsonNode?> values, FieldPath path, Func<int, JsonNode?> shown, FieldErrors errors)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var at = 0;
        foreach (var value in values)
        {
            // What is written alike is alike: keys are sorted where trees are stored, and scalars have one text.
            var text = value.ToRelaxedJson();
            var times = seen[text] = seen.GetValueOrDefault(text) + 1;
            if (times == 2)
                errors.Add(FieldError.Duplicate(path.Index(at).ToString(), shown(at)));
            at++;
        }
    }
}
