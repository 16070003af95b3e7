using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Reading schemas (JSONSchemaProps) as definitions have them, in normal form.</summary>
internal static class SchemaNodes
{
    public const string PreserveUnknownFields = "x-kubernetes-preserve-unknown-fields";
    public const string EmbeddedResource = "x-kubernetes-embedded-resource";
    public const string IntOrString = "x-kubernetes-int-or-string";
    public const string ListMapKeys = "x-kubernetes-list-map-keys";
    public const string ListType = "x-kubernetes-list-type";
    public const string MapType = "x-kubernetes-map-type";
    public const string Validations = "x-kubernetes-validations";

    // Fields whose values are schemas, or lists or maps of them.
    private static readonly string[] Single = ["not", "additionalProperties", "additionalItems"];
    private static readonly string[] Lists = ["allOf", "anyOf", "oneOf"];
    private static readonly string[] Maps = ["properties", "patternProperties", "definitions", "dependencies"];

    /// <summary>Whether a flag is set.</summary>
    public static bool Is(this JsonObject schema, string flag) => schema.Flag(flag) == true;

    /// <summary>Whether a field is there, whatever it is.</summary>
    public static bool Has(this JsonObject schema, string name) => schema.TryGetPropertyValue(name, out var value) && value is not null;

    /// <summary>Whether a list or map has anything in it.</summary>
    public static bool HasAny(this JsonObject schema, string name) =>
        schema.TryGetPropertyValue(name, out var value) && value is JsonArray { Count: > 0 } or JsonObject { Count: > 0 };

    /// <summary>The schemas by name in a map of schemas; none when there is no map.</summary>
    public static IEnumerable<(string Name, JsonObject Schema)> Named(this JsonObject schema, string map)
    {
        foreach (var (name, value) in schema.Object(map) ?? [])
        {
            if (value is JsonObject inner)
                yield return (name, inner);
        }
    }

    /// <summary>The property of a name; null for none.</summary>
    public static JsonObject? Property(this JsonObject? schema, string name) => schema.Object("properties").Object(name);

    /// <summary>The schemas right below a schema.</summary>
    public static IEnumerable<JsonObject> Inner(JsonObject schema)
    {
        if (schema["items"] is JsonObject item)
            yield return item;
        foreach (var each in schema.Objects("items"))
            yield return each;
        foreach (var name in Lists)
        {
            foreach (var each in schema.Objects(name))
                yield return each;
        }
        foreach (var name in Single)
        {
            if (schema.Object(name) is { } inner)
                yield return inner;
        }
        foreach (var name in Maps)
        {
            foreach (var (_, inner) in schema.Named(name))
                yield return inner;
        }
    }

    /// <summary>Whether something holds for a schema or any below it.</summary>
    public static bool Any(JsonObject? schema, Func<JsonObject, bool> holds) =>
        schema is not null && (holds(schema) || Inner(schema).Any(inner => Any(inner, holds)));

    /// <summary>Whether two fields of definitions hold the same; an empty list is none.</summary>
    public static bool Same(JsonNode? left, JsonNode? right) =>
        JsonNode.DeepEquals(left is JsonArray { Count: 0 } ? null : left, right is JsonArray { Count: 0 } ? null : right);
}
