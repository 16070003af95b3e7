using System.Buffers;
using Pilothouse.Catalog;
using Pilothouse.Schemas;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>Where the messages of objects come from: the object itself, another version of it, or only its metadata.</summary>
internal abstract class ProtobufSource
{
    /// <summary>The metadata of any kind's objects.</summary>
    public static ProtobufSource Metadata { get; } = new MetadataMessages();

    /// <summary>Objects of a version.</summary>
    public static ProtobufSource Of(ServedResource resource) =>
        resource.Converter is null ? Of(resource.Schema) : new ConvertedMessages(resource);

    /// <summary>Objects of a schema, which their bytes are of.</summary>
    public static ProtobufSource Of(SchemaType schema) => new StoredMessages(schema);

    /// <summary>An object's message, without its envelope.</summary>
    public abstract ReadOnlyMemory<byte> MessageOf(CachedObject obj);

    /// <summary>The message if it is at hand.</summary>
    public virtual byte[]? Known(CachedObject obj) => null;

    /// <summary>The message's length if it is at hand; 0 if not.</summary>
    public virtual int KnownLength(CachedObject obj) => 0;

    /// <summary>Encodes an object for one answer. The result is valid until the encoder's next use.</summary>
    public abstract ReadOnlySpan<byte> Encode(CachedObject obj, ProtobufEncoder encoder);

    private byte[] EncodeOne(CachedObject obj)
    {
        using var encoder = new ProtobufEncoder();
        return Encode(obj, encoder).ToArray();
    }

    private sealed class StoredMessages(SchemaType schema) : ProtobufSource
    {
        public override ReadOnlyMemory<byte> MessageOf(CachedObject obj) => RecentMessages.Shared.Get(obj, EncodeOne);

        public override byte[]? Known(CachedObject obj) => obj.Protobuf;

        public override int KnownLength(CachedObject obj) => obj.ProtobufLength;

        public override ReadOnlySpan<byte> Encode(CachedObject obj, ProtobufEncoder encoder)
        {
            var message = encoder.Encode(obj.Json.Span, schema);
            obj.ProtobufLength = message.Length;
            return message;
        }
    }

    private sealed class ConvertedMessages(ServedResource resource) : ProtobufSource
    {
        private readonly ConvertedForm _converted = new(resource);

        public override ReadOnlyMemory<byte> MessageOf(CachedObject obj) => EncodeOne(obj);

        public override ReadOnlySpan<byte> Encode(CachedObject obj, ProtobufEncoder encoder) =>
            encoder.Encode(_converted.JsonOf(obj), resource.Schema);
    }

    private sealed class MetadataMessages : ProtobufSource
    {
        private readonly SchemaType _type = BuiltInCatalog.MetaType("PartialObjectMetadata");

        public override ReadOnlyMemory<byte> MessageOf(CachedObject obj) => EncodeOne(obj);

        public override ReadOnlySpan<byte> Encode(CachedObject obj, ProtobufEncoder encoder)
        {
            var json = new ArrayBufferWriter<byte>(obj.Metadata.GetOffsetAndLength(obj.Json.Length).Length + 16);
            json.Write("{\"metadata\":"u8);
            PartialMetadata.Write(obj, json);
            json.Write("}"u8);
            return encoder.Encode(json.WrittenSpan, _type);
        }
    }
}
