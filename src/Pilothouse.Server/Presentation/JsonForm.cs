using System.Buffers;
using Pilothouse.Catalog;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>Objects as they are kept: the bytes themselves, in the stored version.</summary>
/// <remarks>Items of a list come without kind and apiVersion, as typed lists have them.</remarks>
public sealed class JsonForm(ServedResource resource) : ObjectForm
{
    private const int LargestPiece = 4096;

    public override void WriteObject(CachedObject obj, IBufferWriter<byte> output) => output.Write(obj.Json.Span);

    public override void WriteEvent(WatchEventType type, CachedObject obj, IBufferWriter<byte> output)
    {
        // A response takes two locks for each piece: an event that fits into one block of it is written as one.
        var json = obj.Json.Span;
        var start = EventStart(type);
        var length = start.Length + json.Length + EventEnd.Length;
        if (length > LargestPiece)
        {
            base.WriteEvent(type, obj, output);
            return;
        }
        var line = output.GetSpan(length);
        start.CopyTo(line);
        json.CopyTo(line[start.Length..]);
        EventEnd.CopyTo(line[(start.Length + json.Length)..]);
        output.Advance(length);
    }

    public override void WriteListStart(ListMetadata metadata, IBufferWriter<byte> output) =>
        ListStart.Write(resource.ListKind, resource.Kind.ApiVersion, metadata, output);

    public override void WriteListItem(CachedObject obj, bool first, IBufferWriter<byte> output)
    {
        output.Write(first ? "{"u8 : ",{"u8);
        output.Write(obj.Json.Span[obj.BodyOffset..]);
    }

    public override void WriteListEnd(IBufferWriter<byte> output) => output.Write("]}"u8);

    public override long? ItemsLength(ObjectList list)
    {
        // A brace for each, and a comma for each but the first.
        var length = Math.Max(0, 2L * list.Count - 1);
        if (list.Chosen is { } chosen)
        {
            foreach (var obj in chosen)
                length += obj.Json.Length - obj.BodyOffset;
        }
        else
        {
            foreach (var obj in list.Range)
                length += obj.Json.Length - obj.BodyOffset;
        }
        return length;
    }
}
