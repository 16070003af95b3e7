using System.Text.Json;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Requests;

/// <summary>A body as JSON, and the words that Go has for what may be wrong with it.</summary>
internal static class BodyJson
{
    /// <summary>How Go prints the struct into which it reads kind and version.</summary>
    public const string GoTypeMeta =
        """struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }""";

    /// <summary>The body as JSON bytes, whatever it was written in.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="media">How it is written.</param>
    /// <param name="type">What it must be: protobuf does not say what its fields are.</param>
    public static Outcome<byte[]> Of(ReadOnlySpan<byte> body, BodyMedia media, SchemaType type) => Of(body, media, type, out _);

    /// <summary>The same, with what strict decoding has against it: keys that stand twice in YAML.</summary>
    public static Outcome<byte[]> Of(ReadOnlySpan<byte> body, BodyMedia media, SchemaType type, out string? strictError)
    {
        strictError = null;
        return media switch
        {
            BodyMedia.Json => body.ToArray(),
            BodyMedia.Protobuf => ProtobufDecoder.ToJson(body, type),
            _ => Yaml.ToJson(body, out strictError),
        };
    }

    /// <summary>What Go calls a value of the wrong type.</summary>
    public static string GoKind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        _ => "object",
    };
}
