using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pilothouse.Objects;

/// <summary>JSON values as Go sees them once decoded into an interface: the names of their types, and how fmt prints them.</summary>
public static class GoValue
{
    /// <summary>The Go type: <c>string</c>, <c>int64</c>, <c>float64</c>, <c>bool</c>, <c>[]interface {}</c> or a map.</summary>
    public static string TypeOf(JsonNode? node) => node switch
    {
        null => "%!s(<nil>)",
        JsonObject => "map[string]interface {}",
        JsonArray => "[]interface {}",
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => IsInteger(node) ? "int64" : "float64",
            JsonValueKind.Null => "%!s(<nil>)",
            _ => "bool",
        },
    };

    /// <summary>The value as <c>%v</c> prints it: <c>map[a:1 b:[x y]]</c>, keys sorted.</summary>
    public static string Print(JsonNode? node)
    {
        var text = new StringBuilder();
        Print(node, text);
        return text.ToString();
    }

    /// <summary>The value as encoding/json writes it, which also escapes what HTML would take for markup.</summary>
    public static string Marshal(JsonNode? node)
    {
        var text = node.ToRelaxedJson();
        return text.AsSpan().ContainsAny(MarkupCharacters)
            ? text.Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal)
                .Replace("&", "\\u0026", StringComparison.Ordinal)
            : text;
    }

    /// <summary>Several values as fmt prints a slice of them.</summary>
    public static string Print(IEnumerable<JsonNode?> nodes) => $"[{string.Join(' ', nodes.Select(Print))}]";

    /// <summary>Whether two scalars are equal for Go's <c>==</c>, which compares types first.</summary>
    public static bool AreEqual(JsonNode? left, JsonNode? right) =>
        (left is null) == (right is null)
        && (left is null || (left.GetValueKind() == right!.GetValueKind() && TypeOf(left) == TypeOf(right) && Print(left) == Print(right)));

    private static readonly SearchValues<char> MarkupCharacters = SearchValues.Create("<>&");

    private static bool IsInteger(JsonNode node) => !node.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E');

    private static void Print(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("<nil>");
                break;
            case JsonObject map:
                text.Append("map[");
                var first = true;
                foreach (var (key, value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    text.Append(first ? "" : " ").Append(key).Append(':');
                    Print(value, text);
                    first = false;
                }
                text.Append(']');
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    if (i > 0)
                        text.Append(' ');
                    Print(list[i], text);
                }
                text.Append(']');
                break;
            default:
                text.Append(node.GetValueKind() switch
                {
                    JsonValueKind.String => node.GetValue<string>(),
                    JsonValueKind.Number when !IsInteger(node) => PrintFloat(node),
                    _ => node.ToJsonString(),
                });
                break;
        }
    }

    private static string PrintFloat(JsonNode node) =>
        double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? GoFloat.General(number) : node.ToJsonString();
}
