using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.CustomResources;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Registry;

/// <summary>What all verbs work with: the store, the caches, admission, and the ways between bytes and trees.</summary>
internal sealed class ObjectRegistry(ApiServerParts parts)
{
    public IStore Store => parts.Store;

    public ObjectCaches Caches => parts.Caches;

    public ApiServerOptions Options => parts.Options;

    /// <summary>What is served at this moment: take it once a request.</summary>
    public ResourceCatalog Catalog => parts.Resources.Current;

    public AdmissionChain Admission { get; } = new(parts.MutatingAdmission, parts.ValidatingAdmission);

    /// <summary>Who owns which fields.</summary>
    public FieldManagers Fields { get; } = new(parts.Resources.BuiltIn);

    /// <summary>Whether the caller may also do what its request turned out to need.</summary>
    public AuthorizerChain Authorization { get; } = new(parts.Authorizers);

    public ILogger Log { get; } = parts.Logging.CreateLogger("Pilothouse.Server.Registry");

    /// <summary>What rules and plugins may know of the request.</summary>
    public WriteContext ContextOf(ResourceRequest request, bool dryRun) => new()
    {
        Resource = request.Resource,
        Subresource = request.SubresourceName,
        RequestName = request.Name,
        User = request.Api.User,
        Now = request.Api.Received,
        DryRun = dryRun,
        AllowPrivileged = parts.Options.AllowPrivileged,
        Objects = parts.Caches,
        ServiceAllocator = parts.ServiceAllocator,
        EscalationGuard = parts.EscalationGuard,
        Warnings = request.Api.Warnings,
    };

    /// <summary>The object as the cache has it, which may be a little old; null when it has none.</summary>
    public CachedObject? Glance(StoredResource resource, string @namespace, string name) =>
        parts.Caches.For(resource).Find(@namespace, name);

    /// <summary>The object as the store has it now; null for none.</summary>
    public async ValueTask<CachedObject?> ReadAsync(
        StoredResource resource, string @namespace, string name, CancellationToken cancellationToken)
    {
        var entry = await parts.Store.GetAsync(resource.Key(@namespace, name), Revision.None, cancellationToken);
        // Mostly the cache has read the same state already.
        return entry is not null && Glance(resource, @namespace, name) is { } cached && cached.Revision == entry.Modified ? cached : Read(resource, entry);
    }

    /// <summary>An object that was just written, as it is served.</summary>
    public CachedObject ReadWritten(StoredResource resource, string key, ReadOnlyMemory<byte> value, Revision revision) =>
        parts.Caches.ReadWritten(resource, key, value, revision);

    /// <summary>A store entry as an object.</summary>
    public static CachedObject? Read(StoredResource resource, StoreEntry? entry) =>
        entry is null ? null : CachedObjectReader.Read(resource.Collection, entry.Key, entry.Value, entry.Modified);

    /// <summary>The tree of a stored object, its resourceVersion among the metadata. A new one each time: edit it freely.</summary>
    public static JsonObject TreeOf(StoredResource resource, CachedObject obj) =>
        SchemaDecoder.Decode(obj.Json.Span, resource.Schema).TryGet(out var decoded, out var failure)
            ? decoded.Json
            : throw new InvalidOperationException($"{obj.Key} at {obj.Revision} does not decode: {failure.Message}");

    /// <summary>
    /// The tree of a stored object in the version in which the request writes, which for custom resources need not be the stored
    /// one. A failure when it cannot be converted.
    /// </summary>
    public static ValueTask<Outcome<JsonObject>> TreeAsync(StoredResource resource, CachedObject obj, CancellationToken cancellationToken) =>
        resource.Versions is null ? new(TreeOf(resource, obj)) : CustomObjects.TreeAsync(resource, obj, cancellationToken);

    /// <summary>The bytes to store for a tree in the version in which the request writes. A failure when it cannot be converted.</summary>
    public static ValueTask<Outcome<byte[]>> EncodeAsync(StoredResource resource, JsonObject tree, CancellationToken cancellationToken) =>
        resource.Versions is null ? new(Encode(resource, tree)) : CustomObjects.EncodeAsync(resource, tree, cancellationToken);

    /// <summary>The bytes to store: canonical, without resourceVersion.</summary>
    public static byte[] Encode(StoredResource resource, JsonObject tree)
    {
        var metadata = ObjectMetadata.Of(tree);
        var version = metadata.ResourceVersion;
        metadata.ResourceVersion = "";
        var bytes = SchemaEncoder.Encode(tree, resource.Schema, emptyIsNull: true);
        metadata.ResourceVersion = version;
        return bytes;
    }

    /// <summary>How long the store keeps an object; null for ever.</summary>
    public TimeSpan? TimeToLive(StoredResource resource) =>
        resource.Resource.Resource == "events" && resource.Resource.Group is "" or "events.k8s.io" ? parts.Options.EventTimeToLive : null;
}
