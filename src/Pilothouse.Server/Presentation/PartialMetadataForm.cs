using System.Buffers;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>Only the metadata of objects: <c>meta.k8s.io PartialObjectMetadata</c> and its list.</summary>
/// <param name="apiVersion">The version the client asked for, <c>meta.k8s.io/v1</c>.</param>
/// <param name="listsOnly">The client named the list kind: it gets lists, and of a watch nothing.</param>
public sealed class PartialMetadataForm(string apiVersion = "meta.k8s.io/v1", bool listsOnly = false) : ObjectForm
{
    private readonly byte[] _start =
        System.Text.Encoding.UTF8.GetBytes($"{{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"{apiVersion}\",\"metadata\":");

    public override bool ShowsObjects => !listsOnly;

    public override void WriteObject(CachedObject obj, IBufferWriter<byte> output)
    {
        output.Write(_start);
        PartialMetadata.Write(obj, output);
        output.Write("}"u8);
    }

    public override void WriteListStart(ListMetadata metadata, IBufferWriter<byte> output) =>
        ListStart.Write("PartialObjectMetadataList", apiVersion, metadata, output);

    public override void WriteListItem(CachedObject obj, bool first, IBufferWriter<byte> output)
    {
        if (!first)
            output.Write(","u8);
        WriteObject(obj, output);
    }

    public override void WriteListEnd(IBufferWriter<byte> output) => output.Write("]}"u8);
}
