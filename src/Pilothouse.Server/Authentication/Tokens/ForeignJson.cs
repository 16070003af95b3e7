using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>JSON that somebody else wrote and that may be anything.</summary>
internal static class ForeignJson
{
    private const int MaxDepth = 64;

    /// <summary>
    /// The object; null for what is none, or has a member twice, or text that is none (halves of surrogate pairs, broken
    /// UTF-8), on which reading it later would stumble.
    /// </summary>
    public static JsonObject? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    _ = reader.GetString();
            }
            return JsonNode.Parse(json, documentOptions: new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
