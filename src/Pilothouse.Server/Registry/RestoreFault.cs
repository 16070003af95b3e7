using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Registry;

/// <summary>
/// What upstream says when the result of a strategic merge patch is no object of the kind: it turns maps into structs there,
/// and not text, and has other words for what does not fit.
/// </summary>
internal static class RestoreFault
{
    /// <summary>The first list, map or struct that is none; null when there is no such fault.</summary>
    public static string? Find(JsonNode? node, SchemaType type)
    {
        if (node is null)
            return null;
        switch (type.Kind)
        {
            case SchemaKind.Struct:
                if (node is not JsonObject fields)
                    return $"cannot restore struct from: {GoKind(node)}";
                foreach (var property in type.Properties)
                {
                    if (fields.TryGetPropertyValue(property.Name, out var value) && Find(value, property.Type) is { } inner)
                        return inner;
                }
                return null;
            case SchemaKind.Map:
                if (node is not JsonObject map)
                    return $"cannot restore map from {GoKind(node)}";
                foreach (var (_, value) in map)
                {
                    if (type.Element is { } element && Find(value, element) is { } inner)
                        return inner;
                }
                return null;
            case SchemaKind.List:
                if (node is not JsonArray list)
                    return $"cannot restore slice from {GoKind(node)}";
                foreach (var value in list)
                {
                    if (type.Element is { } element && Find(value, element) is { } inner)
                        return inner;
                }
                return null;
            default:
                return null;
        }
    }

    private static string GoKind(JsonNode node) => node switch
    {
        JsonObject => "map",
        JsonArray => "slice",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => node.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "float64" : "int64",
            _ => "bool",
        },
    };
}
