using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Bootstrap;

/// <summary>
/// Writes the server's own objects: defaulted and prepared by the rules of their kind as everybody's are, and past admission,
/// which is for what others write.
/// </summary>
internal sealed class ServerWriter(ResourceCatalog catalog, IStore store, ObjectCaches caches, TimeProvider time)
{
    /// <summary>As whom the server owns fields.</summary>
    private const string Manager = "kube-apiserver";

    private readonly FieldManagers _fields = new(catalog);
    private readonly Dictionary<GroupResource, ServedResource> _resources = catalog.Served
        .GroupBy(s => s.Stored.Resource)
        .ToDictionary(g => g.Key, g => g.FirstOrDefault(s => s.Converter is null) ?? g.First());

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Whether the object is there, as far as the caches know.</summary>
    public bool Exists(GroupResource resource, string @namespace, string name) => caches.Find(resource, @namespace, name) is not null;

    /// <summary>The object as the caches have it, a tree to be edited at will; null when they have none.</summary>
    public JsonObject? Peek(GroupResource resource, string @namespace, string name) =>
        caches.Find(resource, @namespace, name) is { } json
        && SchemaDecoder.Decode(json.Span, _resources[resource].Stored.Schema).TryGet(out var decoded, out _) ? decoded.Json : null;

    /// <summary>Deletes an object, if there is one, until no other write comes between.</summary>
    public Task DeleteAsync(GroupResource resource, string @namespace, string name, CancellationToken cancellationToken) =>
        DeleteAsync(resource, @namespace, name, null, cancellationToken);

    /// <summary>Deletes an object, if there is one and it may go as it is then, until no other write comes between.</summary>
    public async Task DeleteAsync(
        GroupResource resource, string @namespace, string name, Func<JsonObject, bool>? may, CancellationToken cancellationToken)
    {
        var stored = _resources[resource].Stored;
        var key = stored.Key(@namespace, name);
        while (await store.GetAsync(key, Revision.None, cancellationToken) is { } entry)
        {
            if (may is not null && !may(Decode(stored, entry)))
                return;
            if ((await store.WriteAsync(StoreWrite.Delete(key, entry.Modified), cancellationToken)).Succeeded)
                return;
        }
    }

    /// <summary>Creates an object unless there is one of its name; false when there is.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="obj">The object in the stored version, in normal form; edited. Its status is kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> CreateAsync(GroupResource resource, JsonObject obj, CancellationToken cancellationToken)
    {
        var served = _resources[resource];
        var stored = served.Stored;
        var metadata = ObjectMetadata.Of(obj);
        if (Exists(resource, metadata.Namespace, metadata.Name))
            return false;
        obj["apiVersion"] = stored.Kind.ApiVersion;
        obj["kind"] = stored.Kind.Kind;
        var now = Now;
        metadata.Uid = Guid.NewGuid().ToString();
        metadata.CreationTimestamp = Seconds(now);
        obj.Remove("status", out var status);
        KindDefaults.Fill(obj, stored.Schema, now);
        _fields.For(served, "").Create(obj, ManagedFields.None, Manager, Seconds(now)).WriteTo(metadata.Json);
        stored.Strategy.PrepareForCreate(Context(served, now), obj);
        if (status is not null)
        {
            var old = (JsonObject)obj.DeepClone();
            obj["status"] = status;
            Track(served, "status", old, obj, now);
        }
        var write = StoreWrite.Create(stored.Key(metadata.Namespace, metadata.Name), Encode(stored, obj));
        return (await store.WriteAsync(write, cancellationToken)).Succeeded;
    }

    /// <summary>Edits an object that is there, until no other write comes between; false when there is none.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="namespace">Empty for resources without.</param>
    /// <param name="name">The name.</param>
    /// <param name="edit">Edits the tree, and says whether there was anything to edit.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="subresource">The part that is edited; empty for the object itself.</param>
    public async Task<bool> UpdateAsync(
        GroupResource resource, string @namespace, string name, Func<JsonObject, bool> edit, CancellationToken cancellationToken,
        string subresource = "")
    {
        var stored = _resources[resource].Stored;
        var key = stored.Key(@namespace, name);
        while (await store.GetAsync(key, Revision.None, cancellationToken) is { } entry)
        {
            var obj = Decode(stored, entry);
            var old = (JsonObject)obj.DeepClone();
            if (!edit(obj))
                return true;
            KindDefaults.Fill(obj, stored.Schema, Now);
            Track(_resources[resource], subresource, old, obj, Now);
            var write = StoreWrite.Update(key, Encode(stored, obj), entry.Modified);
            if ((await store.WriteAsync(write, cancellationToken)).Succeeded)
                return true;
        }
        return false;
    }

    private static JsonObject Decode(StoredResource stored, StoreEntry entry)
    {
        var current = CachedObjectReader.Read(stored, entry.Key, entry.Value, entry.Modified);
        return SchemaDecoder.Decode(current.Json.Span, stored.Schema).TryGet(out var decoded, out _) ? decoded.Json
            : throw new InvalidOperationException($"{entry.Key} does not decode.");
    }

    private void Track(ServedResource served, string subresource, JsonObject old, JsonObject obj, DateTimeOffset now)
    {
        var metadata = ObjectMetadata.Of(obj).Json;
        if (ManagedFields.Of(metadata).TryGet(out var managed, out _))
            _fields.For(served, subresource).Update(old, obj, managed, Manager, Seconds(now)).WriteTo(metadata);
    }

    public static string Seconds(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Encode(StoredResource stored, JsonObject obj)
    {
        ObjectMetadata.Of(obj).ResourceVersion = "";
        var output = new System.Buffers.ArrayBufferWriter<byte>(1024);
        SchemaEncoder.Encode(obj, stored.Schema, output);
        return output.WrittenSpan.ToArray();
    }

    private WriteContext Context(ServedResource served, DateTimeOffset now) => new()
    {
        Resource = served,
        User = UserInfo.Server,
        Now = now,
        Objects = caches,
    };
}
