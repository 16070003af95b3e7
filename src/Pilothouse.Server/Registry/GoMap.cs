using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>Trees as Go prints maps in messages: <c>map[a:1 b:[x y]]</c>, keys sorted.</summary>
internal static class GoMap
{
    public static string Print(JsonNode? node)
    {
        var text = new StringBuilder();
        Print(node, text);
        return text.ToString();
    }

    private static void Print(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("<nil>");
                break;
            case JsonObject obj:
                text.Append("map[");
                var first = true;
                foreach (var (name, value) in obj.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    if (!first)
                        text.Append(' ');
                    first = false;
                    text.Append(name).Append(':');
                    Print(value, text);
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
                text.Append(node.AsText() ?? (node.GetValueKind() == JsonValueKind.Null ? "<nil>" : node.ToJsonString()));
                break;
        }
    }
}
