using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.CustomResources;

namespace Pilothouse.Server.Registry;

/// <summary>
/// Keeps <c>metadata.managedFields</c> on every write: between the trees of the registry, which are of the stored version, and
/// the field manager of the endpoint, which speaks the version of the request.
/// </summary>
/// <param name="builtIn">The built-in resources; custom ones bring their versions along.</param>
internal sealed class FieldManagers(ResourceCatalog builtIn)
{
    // Only what is served in more than one version: the others need no conversion.
    private readonly FrozenDictionary<StoredResource, ObjectVersions> _versions = builtIn.Served
        .GroupBy(s => s.Stored)
        .Where(g => g.Count() > 1)
        .ToFrozenDictionary(g => g.Key, g => new ObjectVersions([.. g]));

    /// <summary>The field manager of a request's endpoint.</summary>
    public FieldManager For(ResourceRequest request) => For(request.Resource, request.SubresourceName);

    /// <summary>The field manager of an endpoint.</summary>
    public FieldManager For(ServedResource resource, string subresource) => new()
    {
        Kind = resource.Kind,
        Type = resource.Schema,
        Subresource = subresource,
        Filter = ResetFields.For(resource, subresource),
        Versions = resource.Stored.Versions is { } custom ? CustomFieldVersions.Of(custom) : _versions.GetValueOrDefault(resource.Stored),
    };

    /// <summary>Accounts for a new object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tree">The object in the stored version; its managedFields are set.</param>
    /// <param name="manager">Who creates it.</param>
    public void TrackCreate(ResourceRequest request, JsonObject tree, string manager)
    {
        var metadata = ObjectMetadata.Of(tree).Json;
        var given = Given(metadata, ManagedFields.None);
        metadata.Remove("managedFields");
        For(request).Create(Served(request, tree), given, manager, Timestamps.Seconds(request.Api.Received)).WriteTo(metadata);
    }

    /// <summary>Accounts for a change.</summary>
    /// <param name="request">The request.</param>
    /// <param name="old">The object as it is, in the stored version.</param>
    /// <param name="tree">The new state in the stored version; its managedFields are set.</param>
    /// <param name="manager">Who changes it.</param>
    public void TrackUpdate(ResourceRequest request, JsonObject old, JsonObject tree, string manager)
    {
        var metadata = ObjectMetadata.Of(tree).Json;
        // Of an account that cannot be read nothing is kept.
        var managed = ManagedFields.Of(ObjectMetadata.Of(old).Json).TryGet(out var kept, out _) ? kept : ManagedFields.None;
        // Only the object itself can be told who manages it; its parts keep what is known.
        if (request.Subresource is null)
            managed = Given(metadata, managed);
        metadata.Remove("managedFields");
        For(request).Update(Served(request, old), Served(request, tree), managed, manager, Timestamps.Seconds(request.Api.Received)).WriteTo(metadata);
    }

    /// <summary>
    /// Puts an account back that a plugin or a webhook left in a state that cannot be read; what it made of it otherwise stands.
    /// </summary>
    /// <param name="metadata">The object's metadata after admission.</param>
    /// <param name="before">The account before it; null for none.</param>
    /// <param name="warnings">Gets told.</param>
    public static void Restore(JsonObject metadata, JsonArray? before, ICollection<string> warnings)
    {
        var after = metadata.List("managedFields");
        if (after is null || ReferenceEquals(after, before) || ManagedFields.ReadChecked(after).TryGet(out _, out var unread))
            return;
        metadata.Remove("managedFields");
        if (before is not null)
            metadata["managedFields"] = before;
        warnings.Add(
            ".metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; "
            + $"please fix your requests: {unread.Message}");
    }

    /// <summary>A tree of the stored version as one of the request's; the same one where they do not differ.</summary>
    public static JsonObject Served(ResourceRequest request, JsonObject stored)
    {
        if (request.Resource.Converter is not { } converter)
            return stored;
        var served = (JsonObject)stored.DeepClone();
        converter.ToServed(served);
        return served;
    }

    /// <summary>What a client says of the managers: nothing, that all is to be forgotten, or who they are.</summary>
    private static ManagedFields Given(JsonObject metadata, ManagedFields kept)
    {
        var list = metadata.List("managedFields");
        if (list is null)
            return kept;
        if (ManagedFields.IsReset(list))
            return ManagedFields.None;
        // Most clients send back what they got.
        if (ManagedFields.Read(list).TryGet(out var same, out _) && same.Entries.Count == kept.Entries.Count
            && same.Entries.Zip(kept.Entries).All(pair => pair.First.SaysSame(pair.Second) && pair.First.Time == pair.Second.Time))
        {
            return kept;
        }
        return ManagedFields.ReadChecked(list).TryGet(out var given, out _) && !given.IsEmpty ? given : kept;
    }

    /// <summary>The served versions of one collection.</summary>
    private sealed class ObjectVersions(ServedResource[] served) : IObjectVersions
    {
        private readonly FrozenDictionary<string, ServedResource> _byVersion = served.ToFrozenDictionary(s => s.Kind.ApiVersion);

        public bool TryConvert(
            JsonObject obj, string from, string to, [NotNullWhen(true)] out JsonObject? converted, [NotNullWhen(true)] out SchemaType? type)
        {
            (converted, type) = (null, null);
            if (!_byVersion.TryGetValue(from, out var source) || !_byVersion.TryGetValue(to, out var target))
                return false;
            type = target.Schema;
            converted = obj;
            if (source == target || obj.Count == 0)
                return true;
            converted = (JsonObject)obj.DeepClone();
            source.Converter?.ToStored(converted);
            target.Converter?.ToServed(converted);
            return true;
        }
    }
}
