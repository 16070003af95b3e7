using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Checks the types in an object that a strategic merge patch has changed. Upstream reads such an object from its tree, not
/// from JSON text, and says other things of a wrong type than a decoder of text does.
/// </summary>
public static class PatchedTypes
{
    /// <summary>What is wrong with the first value that its type cannot hold; null when there is none, or decoding will find it.</summary>
    public static string? FindFault(JsonNode? value, SchemaType type)
    {
        if (value is null)
            return null;
        switch (type.Kind)
        {
            case SchemaKind.Struct:
                if (value is not JsonObject fields)
                    return $"cannot restore struct from: {KindOf(value)}";
                foreach (var property in type.Properties)
                {
                    if (fields.TryGetPropertyValue(property.Name, out var field) && FindFault(field, property.Type) is { } fault)
                        return fault;
                }
                return null;
            case SchemaKind.Map:
                if (value is not JsonObject entries)
                    return $"cannot restore map from {KindOf(value)}";
                return entries.Select(entry => FindFault(entry.Value, type.Element!)).FirstOrDefault(fault => fault is not null);
            case SchemaKind.List:
                if (value is not JsonArray elements)
                    return $"cannot restore slice from {KindOf(value)}";
                return elements.Select(element => FindFault(element, type.Element!)).FirstOrDefault(fault => fault is not null);
            case SchemaKind.Bytes:
                return value.GetValueKind() == JsonValueKind.String ? null : $"cannot restore slice from {KindOf(value)}";
            case SchemaKind.String:
                return value.GetValueKind() == JsonValueKind.String ? null : "unrecognized type: string";
            case SchemaKind.Boolean:
                return value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? null : "unrecognized type: bool";
            case SchemaKind.Integer:
                return value.GetValueKind() == JsonValueKind.Number && IsIntegral(value) ? null
                    : $"unrecognized type: {(type.Format.Length > 0 ? type.Format : type.GoType)}";
            default:
                return null;
        }
    }

    private static bool IsIntegral(JsonNode value) =>
        GoValue.TypeOf(value) == "int64"
        || (double.TryParse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number) && number == Math.Truncate(number));

    private static string KindOf(JsonNode value) => value switch
    {
        JsonObject => "map",
        JsonArray => "slice",
        _ => GoValue.TypeOf(value),
    };
}
