using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.CustomResources;

/// <summary>
/// Objects of custom resources, whole: as they are kept where they are of the version that was asked for, converted otherwise.
/// Items of a list say their kind, and a list always says how it goes on.
/// </summary>
internal sealed class CustomForm : ObjectForm
{
    /// <summary>The converted bytes per resource and object. Weak: they go when the kept object goes.</summary>
    private static readonly ConditionalWeakTable<ServedResource, ConditionalWeakTable<CachedObject, byte[]>> s_converted = [];

    private readonly ServedResource _resource;
    private readonly CustomVersions _versions;
    private readonly byte[] _start;
    private readonly ConditionalWeakTable<CachedObject, byte[]>? _converted;

    public CustomForm(ServedResource resource)
    {
        _resource = resource;
        _versions = resource.Stored.Versions!;
        _start = Encoding.UTF8.GetBytes($"{{\"kind\":\"{resource.Kind.Kind}\",\"apiVersion\":\"{resource.Kind.ApiVersion}\",");
        if (_versions.Schemas.Count > 1)
            _converted = s_converted.GetValue(resource, static _ => []);
    }

    public override bool NeedsPreparation => _versions.Conversion is not null;

    public override async ValueTask<Status?> PrepareAsync(IEnumerable<CachedObject> objects, CancellationToken cancellationToken)
    {
        if (_versions.Conversion is not { } conversion || _converted is null)
            return null;
        List<CachedObject> foreign = [.. objects.Where(o => !IsShown(o) && !_converted.TryGetValue(o, out _))];
        if (foreign.Count == 0)
            return null;
        var trees = foreign.Select(o => (JsonObject)JsonNodes.Parse(o.Json.Span)!).ToList();
        if (!(await conversion.ConvertAsync(trees, _resource.Kind.ApiVersion, cancellationToken)).TryGet(out var converted, out var failure))
            return failure;
        for (var i = 0; i < foreign.Count; i++)
        {
            if (!_versions.TryFit(converted[i], _resource.Kind.ApiVersion).TryGet(out var fitted, out failure))
                return failure;
            _converted.AddOrUpdate(foreign[i], Encode(fitted));
        }
        return null;
    }

    public override void WriteObject(CachedObject obj, IBufferWriter<byte> output) => output.Write(ShownJson(obj).Span);

    public override void WriteListStart(ListMetadata metadata, IBufferWriter<byte> output) =>
        ListStart.Write(_resource.ListKind, _resource.Kind.ApiVersion, metadata, output, alwaysContinues: true);

    public override void WriteListItem(CachedObject obj, bool first, IBufferWriter<byte> output)
    {
        if (!first)
            output.Write(","u8);
        output.Write(ShownJson(obj).Span);
    }

    public override void WriteListEnd(IBufferWriter<byte> output) => output.Write("]}"u8);

    internal override ReadOnlyMemory<byte> ShownJson(CachedObject obj)
    {
        if (IsShown(obj))
            return obj.Json;
        return _converted?.GetValue(obj, Convert) ?? throw new InvalidOperationException($"{obj.Key} is of another version than its resource has.");
    }

    private bool IsShown(CachedObject obj) => obj.Json.Span.StartsWith(_start);

    private byte[] Convert(CachedObject obj) =>
        Encode(_versions.Rename((JsonObject)JsonNodes.Parse(obj.Json.Span)!, _resource.Kind.ApiVersion));

    private byte[] Encode(JsonObject tree) => SchemaEncoder.Encode(tree, _resource.Schema, emptyIsNull: true);
}
