using System.Buffers;
using Pilothouse.Catalog;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>Objects as they are kept: the bytes themselves, in the stored version.</summary>
/// <remarks>Items of a list come without kind and apiVersion, as typed lists have them.</remarks>
public sealed class JsonForm(ServedResource resource) : ObjectForm
{
    public override void WriteObject(CachedObject obj, IBufferWriter<byte> output) => output.Write(obj.Json.Span);

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
