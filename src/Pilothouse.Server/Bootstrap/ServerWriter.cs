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
    public async Task DeleteAsync(GroupResource resource, string @namespace, string name, CancellationToken cancellationToken)
    {
        var key = _resources[resource].Stored.Key(@namespace, name);
        while (await store.GetAsync(key, Revision.None, cancellationToken) is { } entry)
        {
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
            var current = CachedObjectReader.Read(stored, entry.Key, entry.Value, entry.Modified);
            if (!SchemaDecoder.Decode(current.Json.Span, stored.Schema).TryGet(out var decoded, out _))
                throw new InvalidOperationException($"{key} does not decode.");
            var old = (JsonObject)decoded.Json.DeepClone();
            if (!edit(decoded.Json))
                return true;
            KindDefaults.Fill(decoded.Json, stored.Schema, Now);
            Track(_resources[resource], subresource, old, decoded.Json, Now);
            var write = StoreWrite.Update(key, Encode(stored, decoded.Json), entry.Modified);
            if ((await store.WriteAsync(write, cancellationToken)).Succeeded)
                return true;
        }
        return false;
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
