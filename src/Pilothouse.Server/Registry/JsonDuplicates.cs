using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>Reads JSON whose objects may have a field twice: the last one counts, and the others are named.</summary>
internal static class JsonDuplicates
{
    /// <param name="json">Well-formed JSON.</param>
    /// <param name="duplicates"><c>duplicate field "metadata.labels.a"</c>, in order of appearance.</param>
    public static JsonNode? Parse(ReadOnlySpan<byte> json, out IReadOnlyList<string> duplicates)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 10_001 });
        var found = new List<string>();
        reader.Read();
        var node = Read(ref reader, "", found);
        duplicates = found;
        return node;
    }

    private static JsonNode? Read(ref Utf8JsonReader reader, string path, List<string> found)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var obj = new JsonObject();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = GoJson.Unquote(reader.ValueSpan);
                    var at = path.Length == 0 ? name : $"{path}.{name}";
                    if (obj.ContainsKey(name))
                    {
                        var text = $"duplicate field \"{at}\"";
                        if (!found.Contains(text))
                            found.Add(text);
                    }
                    reader.Read();
                    obj[name] = Read(ref reader, at, found);
                }
                return obj;
            case JsonTokenType.StartArray:
                var list = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list.Add(Read(ref reader, $"{path}[{list.Count}]", found));
                return list;
            case JsonTokenType.String:
                return JsonValue.Create(GoJson.Unquote(reader.ValueSpan));
            case JsonTokenType.True:
                return JsonValue.Create(true);
            case JsonTokenType.False:
                return JsonValue.Create(false);
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var integer) ? JsonValue.Create(integer) : JsonNode.Parse(reader.ValueSpan);
            default:
                return null;
        }
    }
}
