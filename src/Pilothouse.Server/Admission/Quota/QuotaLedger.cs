using System.Collections.Concurrent;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Reads the quotas of a namespace and charges them by compare and swap, so that servers that share a store cannot overrun
/// them. What was charged here is remembered until the caches show it.
/// </summary>
internal sealed class QuotaLedger
{
    private const int PruneAbove = 256;

    private static readonly GroupResource Quotas = new("", "resourcequotas");

    private readonly StoredResource _resource;
    private readonly IStore _store;
    private readonly ObjectCaches _caches;
    private readonly ConcurrentDictionary<string, CachedObject> _charged = new();

    public QuotaLedger(ResourceCatalog catalog, IStore store, ObjectCaches caches)
    {
        _resource = catalog.Stored.First(s => s.Resource == Quotas);
        (_store, _caches) = (store, caches);
    }

    /// <summary>Whether a namespace has any quota; costs a look into the cache.</summary>
    public bool HasAny(string @namespace) => _caches.For(_resource).Snapshot.Prefix(_resource.Prefix(@namespace)).Count > 0;

    /// <summary>The quotas of a namespace, sorted by name, as the caches or our own last writes have them.</summary>
    public List<QuotaState> Read(string @namespace)
    {
        var found = new List<QuotaState>();
        foreach (var cached in _caches.For(_resource).Snapshot.Prefix(_resource.Prefix(@namespace)))
        {
            var newest = cached;
            if (_charged.TryGetValue(cached.Key, out var charged))
            {
                if (charged.Revision.Value > cached.Revision.Value)
                    newest = charged;
                else
                    _charged.TryRemove(KeyValuePair.Create(cached.Key, charged));
            }
            found.Add(QuotaState.Of(newest));
        }
        return found;
    }

    /// <summary>Writes the new usage of a quota, if it still is as it was read.</summary>
    /// <returns>Null when it is written; otherwise the quota as it is now, whose stored object is null when it is gone.</returns>
    public async ValueTask<Conflict?> TryChargeAsync(QuotaState quota, ResourceAmounts used, CancellationToken cancellationToken)
    {
        var tree = ObjectRegistry.TreeOf(_resource, quota.Stored);
        tree.ObjectOrNew("status")["used"] = used.ToJson();
        var bytes = ObjectRegistry.Encode(_resource, tree);
        var key = quota.Stored.Key;
        var result = await _store.WriteAsync(StoreWrite.Update(key, bytes, quota.Stored.Revision), cancellationToken);
        if (result.Succeeded)
        {
            Remember(Answers.ObjectOf(_resource, key, bytes, result.Revision));
            return null;
        }
        if (ObjectRegistry.Read(_resource, result.Current) is not { } current)
            return new Conflict(null);
        Remember(current);
        return new Conflict(QuotaState.Of(current));
    }

    private void Remember(CachedObject charged)
    {
        _charged.AddOrUpdate(charged.Key, charged, (_, known) => known.Revision.Value > charged.Revision.Value ? known : charged);
        if (_charged.Count <= PruneAbove)
            return;
        var shown = _caches.Revision.Value;
        foreach (var entry in _charged)
        {
            if (entry.Value.Revision.Value <= shown)
                _charged.TryRemove(entry);
        }
    }

    /// <summary>Somebody else changed the quota first.</summary>
    /// <param name="Now">As it is now; null when it was deleted.</param>
    internal readonly record struct Conflict(QuotaState? Now);
}
