using System.Buffers;
using System.Runtime.CompilerServices;
using Pilothouse.Catalog;
using Pilothouse.Schemas;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>Objects in another served version than the stored one: converted when somebody asks, and kept as long as the object is.</summary>
public sealed class ConvertedForm : ObjectForm
{
    /// <summary>The converted bytes per resource and object. Weak: they go when the cached object goes.</summary>
    private static readonly ConditionalWeakTable<ServedResource, ConditionalWeakTable<CachedObject, byte[]>> s_converted = [];

    private readonly ServedResource _resource;
    private readonly IVersionConverter _converter;
    private readonly ConditionalWeakTable<CachedObject, byte[]> _cache;
    private readonly int _bodyOffset;

    /// <param name="resource">The version to show; it must differ from the stored one.</param>
    /// <exception cref="ArgumentException">It has no converter.</exception>
    public ConvertedForm(ServedResource resource)
    {
        _resource = resource;
        _converter = resource.Converter ?? throw new ArgumentException($"{resource} is the stored version.", nameof(resource));
        _cache = s_converted.GetValue(resource, static _ => []);
        _bodyOffset = $"{{\"kind\":\"{resource.Kind.Kind}\",\"apiVersion\":\"{resource.Kind.ApiVersion}\",".Length;
    }

    public override void WriteObject(CachedObject obj, IBufferWriter<byte> output) => output.Write(JsonOf(obj));

    public override void WriteListStart(ListMetadata metadata, IBufferWriter<byte> output) =>
        ListStart.Write(_resource.ListKind, _resource.Kind.ApiVersion, metadata, output);

    public override void WriteListItem(CachedObject obj, bool first, IBufferWriter<byte> output)
    {
        output.Write(first ? "{"u8 : ",{"u8);
        output.Write(JsonOf(obj).AsSpan(_bodyOffset));
    }

    public override void WriteListEnd(IBufferWriter<byte> output) => output.Write("]}"u8);

    /// <summary>The object in the other version.</summary>
    internal byte[] JsonOf(CachedObject obj) => _cache.GetValue(obj, Convert);

    private byte[] Convert(CachedObject obj)
    {
        if (!SchemaDecoder.Decode(obj.Json.Span, _resource.Stored.Schema).TryGet(out var decoded, out var failure))
            throw new InvalidOperationException($"{obj.Key} at {obj.Revision} does not decode: {failure.Message}");
        _converter.ToServed(decoded.Json);
        var output = new ArrayBufferWriter<byte>(obj.Json.Length + 256);
        SchemaEncoder.Encode(decoded.Json, _resource.Schema, output, emptyIsNull: true);
        return output.WrittenSpan.ToArray();
    }
}
