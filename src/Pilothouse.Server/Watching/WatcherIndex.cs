using System.Runtime.InteropServices;

namespace Pilothouse.Server.Watching;

/// <summary>
/// The watchers of one resource, each in one bucket by the narrowest thing that its filter demands exactly: a key, a field's
/// value, a namespace, or nothing. A change touches the buckets of what it was and what it is, not all watchers.
/// Guarded by the lock of its cache.
/// </summary>
internal sealed class WatcherIndex
{
    private readonly WatcherBucket _all = new();
    private readonly Dictionary<string, WatcherBucket> _byNamespace = [];
    private readonly Dictionary<string, WatcherBucket> _byKey = [];
    private readonly Dictionary<(int Field, string Value), WatcherBucket> _byField = [];

    /// <summary>How many watchers look at each field; fields nobody looks at cost nothing.</summary>
    private readonly Dictionary<int, int> _fieldsInUse = [];

    public int Count { get; private set; }

    public void Add(Watcher watcher)
    {
        Count++;
        var filter = watcher.Filter;
        if (filter.ExactKey is { } key)
        {
            BucketOf(_byKey, key).Add(watcher);
        }
        else if (filter.ExactField is { } exact)
        {
            BucketOf(_byField, exact).Add(watcher);
            CollectionsMarshal.GetValueRefOrAddDefault(_fieldsInUse, exact.Field, out _)++;
        }
        else if (filter.Namespace.Length > 0)
        {
            BucketOf(_byNamespace, filter.Namespace).Add(watcher);
        }
        else
        {
            _all.Add(watcher);
        }
    }

    public void Remove(Watcher watcher)
    {
        var filter = watcher.Filter;
        Count--;
        watcher.Bucket?.Remove(watcher);
        if (filter.ExactKey is { } key)
        {
            DropIfEmpty(_byKey, key);
        }
        else if (filter.ExactField is { } exact)
        {
            DropIfEmpty(_byField, exact);
            if (--CollectionsMarshal.GetValueRefOrAddDefault(_fieldsInUse, exact.Field, out _) <= 0)
                _fieldsInUse.Remove(exact.Field);
        }
        else if (filter.Namespace.Length > 0)
        {
            DropIfEmpty(_byNamespace, filter.Namespace);
        }
    }

    public void Offer(ObjectChange change)
    {
        if (Count == 0)
            return;
        _all.Offer(change);
        var at = (change.Current ?? change.Previous)!;
        if (_byNamespace.TryGetValue(at.Namespace, out var bucket))
            bucket.Offer(change);
        if (_byKey.TryGetValue(at.Key, out bucket))
            bucket.Offer(change);
        foreach (var (field, _) in _fieldsInUse)
        {
            var now = change.Current?.Fields[field];
            var before = change.Previous?.Fields[field];
            if (now is not null && _byField.TryGetValue((field, now), out bucket))
                bucket.Offer(change);
            if (before is not null && before != now && _byField.TryGetValue((field, before), out bucket))
                bucket.Offer(change);
        }
    }

    public void EndAll(WatcherEnd reason)
    {
        _all.EndAll(reason);
        foreach (var bucket in _byNamespace.Values.Concat(_byKey.Values).Concat(_byField.Values))
            bucket.EndAll(reason);
    }

    private static WatcherBucket BucketOf<TKey>(Dictionary<TKey, WatcherBucket> buckets, TKey key) where TKey : notnull =>
        CollectionsMarshal.GetValueRefOrAddDefault(buckets, key, out _) ??= new();

    private static void DropIfEmpty<TKey>(Dictionary<TKey, WatcherBucket> buckets, TKey key) where TKey : notnull
    {
        if (buckets.TryGetValue(key, out var bucket) && bucket.Count == 0)
            buckets.Remove(key);
    }
}
