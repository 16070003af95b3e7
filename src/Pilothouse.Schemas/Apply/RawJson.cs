using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// A JSON value in a tree that is kept as its bytes: nobody looks into field sets but the field manager, so that reading and
/// writing an object does not take them apart.
/// </summary>
public sealed class RawJson
{
    private static readonly JsonTypeInfo<RawJson> TypeInfo = MakeTypeInfo();

    private RawJson(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A node for bytes that are one JSON value without blanks.</summary>
    public static JsonNode ToNode(ReadOnlyMemory<byte> bytes) => JsonValue.Create(new RawJson(bytes), TypeInfo)!;

    /// <summary>The bytes of a node, whatever it is made of.</summary>
    public static ReadOnlyMemory<byte> BytesOf(JsonNode node)
    {
        if (node is JsonValue value && value.TryGetValue<RawJson>(out var raw))
            return raw.Bytes;
        return JsonNodes.ToUtf8(node);
    }

    private static JsonTypeInfo<RawJson> MakeTypeInfo()
    {
        // A copy of the tree that holds it is read from the bytes.
        var options = new JsonSerializerOptions { TypeInfoResolver = new Resolver(), MaxDepth = JsonNodes.Deep.MaxDepth };
        options.MakeReadOnly();
        return (JsonTypeInfo<RawJson>)options.GetTypeInfo(typeof(RawJson));
    }

    private sealed class Resolver : IJsonTypeInfoResolver
    {
        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) =>
            type == typeof(RawJson) ? JsonMetadataServices.CreateValueInfo<RawJson>(options, new Converter()) : null;
    }

    private sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new(JsonBytes.Of(document.RootElement, static (writer, element) => element.WriteTo(writer)));
        }

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Bytes.Span, skipInputValidation: true);
    }
}
