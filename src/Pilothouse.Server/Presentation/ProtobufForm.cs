using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>
/// Objects in protobuf: each in an envelope that names its kind; lists in one envelope, in it list metadata in field 1 and the
/// items' messages in field 2; watch events each behind their length in four bytes.
/// </summary>
/// <remarks>
/// A list's length stands before its items, so they are measured first (<see cref="ItemsLength"/>). What is encoded for that is
/// kept up to a bound and sent from there; the rest is encoded again when it is written.
/// </remarks>
#pragma warning disable CA1001 // the measured messages are let go of when a list ends
public sealed class ProtobufForm : ObjectForm
#pragma warning restore CA1001
{
    private const byte Field1 = 0x0a;
    private const byte Field2 = 0x12;

    private readonly ProtobufSource _source;
    private readonly bool _listsOnly;
    private readonly byte[] _objectStart;
    private readonly byte[] _listStart;
    private MeasuredMessages? _measured;

    private ProtobufForm(ProtobufSource source, string apiVersion, string kind, string listKind, bool listsOnly)
    {
        (_source, _listsOnly) = (source, listsOnly);
        _objectStart = ProtobufEnvelope.StartOf(apiVersion, kind);
        _listStart = ProtobufEnvelope.StartOf(apiVersion, listKind);
    }

    public override string ContentType => MediaTypes.Protobuf;

    public override string WatchContentType => MediaTypes.Protobuf + ";stream=watch";

    public override bool ShowsObjects => !_listsOnly;

    /// <summary>Objects whole, in the version that was asked for.</summary>
    public static ProtobufForm Of(ServedResource resource) =>
        new(ProtobufSource.Of(resource), resource.Kind.ApiVersion, resource.Kind.Kind, resource.ListKind, listsOnly: false);

    /// <summary>What a subresource speaks that has a kind of its own, such as a Scale.</summary>
    public static ProtobufForm Of(ServedSubresource subresource, SchemaType schema) =>
        new(ProtobufSource.Of(schema), subresource.Kind.ApiVersion, subresource.Kind.Kind, subresource.Kind.Kind + "List", listsOnly: false);

    /// <summary>Only metadata, <c>meta.k8s.io PartialObjectMetadata</c> and its list.</summary>
    public static ProtobufForm OfMetadata(string apiVersion, bool listsOnly) =>
        new(ProtobufSource.Metadata, apiVersion, "PartialObjectMetadata", "PartialObjectMetadataList", listsOnly);

    public override void WriteObject(CachedObject obj, IBufferWriter<byte> output) =>
        ProtobufEnvelope.Write(_objectStart, _source.MessageOf(obj).Span, output);

    public override void WriteEvent(WatchEventType type, CachedObject obj, IBufferWriter<byte> output)
    {
        var message = _source.MessageOf(obj);
        WriteFrame(NameOf(type), ProtobufEnvelope.Length(_objectStart, message.Length), output);
        ProtobufEnvelope.Write(_objectStart, message.Span, output);
    }

    public override void WriteError(Status failure, IBufferWriter<byte> output)
    {
        var status = StatusProtobuf.Encode(failure);
        WriteFrame("ERROR"u8, status.Length, output);
        output.Write(status);
    }

    public override long? ItemsLength(ObjectList list)
    {
        var measured = _measured = new(_source);
        if (list.Chosen is { } chosen)
        {
            foreach (var obj in chosen)
                measured.Measure(obj);
        }
        else
        {
            foreach (var obj in list.Range)
                measured.Measure(obj);
        }
        return measured.ItemsLength;
    }

    public override void WriteListStart(ListMetadata metadata, IBufferWriter<byte> output)
    {
        var measured = Measured();
        var listMeta = ListMeta(metadata);
        var length = 1 + ProtobufEnvelope.LengthOf(listMeta.Length) + listMeta.Length + measured.ItemsLength;
        ProtobufEnvelope.WriteStart(_listStart, length, output);
        WriteHeader(Field1, listMeta.Length, output);
        output.Write(listMeta);
    }

    public override void WriteListItem(CachedObject obj, bool first, IBufferWriter<byte> output)
    {
        var message = Measured().Next(obj);
        WriteHeader(Field2, message.Length, output);
        output.Write(message);
    }

    public override void WriteListEnd(IBufferWriter<byte> output)
    {
        ProtobufEnvelope.WriteEnd(output);
        if (_measured is { AllWritten: true })
        {
            _measured.Dispose();
            _measured = null;
        }
    }

    internal static long ItemLength(long message) => 1 + ProtobufEnvelope.LengthOf(message) + message;

    private static ReadOnlySpan<byte> NameOf(WatchEventType type) => type switch
    {
        WatchEventType.Added => "ADDED"u8,
        WatchEventType.Modified => "MODIFIED"u8,
        WatchEventType.Deleted => "DELETED"u8,
        _ => "BOOKMARK"u8,
    };

    private MeasuredMessages Measured() =>
        _measured ?? throw new InvalidOperationException("A list in protobuf must be measured before it is written.");

    private static byte[] ListMeta(ListMetadata metadata)
    {
        var output = new ArrayBufferWriter<byte>(64);
        // selfLink, which is always empty.
        output.Write<byte>([Field1, 0]);
        WriteText(Field2, metadata.Revision.ToString(), output);
        WriteText(0x1a, metadata.Continue, output);
        if (metadata.RemainingItemCount is { } remaining)
            WriteHeader(0x20, remaining, output);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteText(byte tag, string text, ArrayBufferWriter<byte> output)
    {
        WriteHeader(tag, Encoding.UTF8.GetByteCount(text), output);
        Encoding.UTF8.GetBytes(text, output);
    }

    /// <summary>A watch event up to the envelope in it: its own length, its type, and the fields around the object.</summary>
    private static void WriteFrame(ReadOnlySpan<byte> type, long envelope, IBufferWriter<byte> output)
    {
        var raw = ItemLength(envelope);
        var span = output.GetSpan(sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(span, checked((uint)(ItemLength(type.Length) + ItemLength(raw))));
        output.Advance(sizeof(uint));
        WriteHeader(Field1, type.Length, output);
        output.Write(type);
        WriteHeader(Field2, raw, output);
        WriteHeader(Field1, envelope, output);
    }

    private static void WriteHeader(byte tag, long number, IBufferWriter<byte> output)
    {
        output.GetSpan(1)[0] = tag;
        output.Advance(1);
        ProtobufEnvelope.WriteLength(number, output);
    }
}
