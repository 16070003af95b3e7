using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Values in error texts as Go's encoding/json writes them: keys of maps sorted, and "&lt;", "&gt;", "&amp;" escaped.</summary>
internal static class GoJsonText
{
    /// <summary>The value as an error quotes it.</summary>
    public static FormattableString Show(JsonNode? value) => $"{Of(value)}";

    /// <summary>A text that is shown as it is.</summary>
    public static FormattableString Raw(string text) => $"{text}";

    /// <summary>The fields of a struct keep their order; whoever shows a map says so.</summary>
    public static string Of(JsonNode? value, bool sorted = false)
    {
        var text = new StringBuilder();
        Write(text, value, sorted);
        return text.ToString();
    }

    /// <summary>A map of texts, its keys sorted; null when there is none.</summary>
    public static FormattableString ShowMap(JsonObject? map) => $"{Of(map, sorted: true)}";

    private static void Write(StringBuilder text, JsonNode? value, bool sorted)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject obj:
                text.Append('{');
                var first = true;
                foreach (var (name, member) in sorted ? obj.OrderBy(p => p.Key, StringComparer.Ordinal) : obj.AsEnumerable())
                {
                    text.Append(first ? "" : ",").Append(Quote(name)).Append(':');
                    Write(text, member, sorted);
                    first = false;
                }
                text.Append('}');
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    text.Append(i > 0 ? "," : "");
                    Write(text, list[i], sorted);
                }
                text.Append(']');
                break;
            default:
                text.Append(value.GetValueKind() == JsonValueKind.String ? Quote(value.GetValue<string>()) : value.ToJsonString());
                break;
        }
    }

    public static string Quote(string text) =>
        JsonValue.Create(text).ToRelaxedJson().Replace("<", "\\u003c", StringComparison.Ordinal)
            .Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
}
