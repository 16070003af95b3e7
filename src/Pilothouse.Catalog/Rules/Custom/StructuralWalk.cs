using System.Text.Json.Nodes;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>The way through an object of a custom resource, beside its schema.</summary>
internal static class StructuralWalk
{
    /// <summary>Visits the objects and lists within an object that its schema describes, each before what is in it.</summary>
    /// <param name="schema">The object's schema.</param>
    /// <param name="obj">The object, which is not visited itself.</param>
    /// <param name="visit">Gets a value's schema, the value, and where it is.</param>
    public static void Within(StructuralSchema schema, JsonObject obj, Action<StructuralSchema, JsonNode, FieldPath> visit) =>
        Enter(schema, obj, null, visit);

    private static void Enter(StructuralSchema schema, JsonNode? value, FieldPath? path, Action<StructuralSchema, JsonNode, FieldPath> visit)
    {
        if (value is not (JsonObject or JsonArray))
            return;
        if (path is not null)
            visit(schema, value, path);
        if (value is JsonArray list && schema.Items is { } items)
        {
            for (var i = 0; i < list.Count; i++)
                Enter(items, list[i], path!.Index(i), visit);
        }
        if (value is not JsonObject map)
            return;
        foreach (var (name, inner) in map)
        {
            if (schema.Properties.TryGetValue(name, out var property))
                Enter(property, inner, FieldPath.At(path, name), visit);
            else if (schema.AdditionalProperties is { } others)
                Enter(others, inner, path is null ? FieldPath.Of(name) : path.Key(name), visit);
        }
    }
}
