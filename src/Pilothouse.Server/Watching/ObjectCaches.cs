using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Storage;

namespace Pilothouse.Server.Watching;

/// <summary>
/// The hub: the caches of all resources, fed by one subscription to the store's log. One loop (<see cref="RunAsync"/>) fills
/// them, applies each batch in order, and publishes the revision at which they then all stand. Members are thread-safe.
/// </summary>
#pragma warning disable CA1001 // a semaphore whose handle nobody waits on holds nothing to let go of
public sealed class ObjectCaches : IObjectReader
#pragma warning restore CA1001
{
    private readonly IStore _store;
    private readonly ObjectCachesOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // One at a time: who loads everything, and who takes collections in.
    private readonly SemaphoreSlim _membership = new(1);

    // Caches of collections that are no longer served, for requests that came before: they keep the resource, and with it the
    // cache, which goes on being fed.
    private readonly ConditionalWeakTable<StoredResource, ResourceCache> _retired = [];
    private readonly RevisionWaiters _waiters = new();
    private readonly FreshReads _fresh = new();
    private readonly CoalescedRevision _latest;

    private readonly Lock _unreadableGate = new();

    /// <summary>Keys whose values could not be read, with why. Replaced whole, under the gate.</summary>
    private volatile FrozenDictionary<string, string> _unreadable = FrozenDictionary<string, string>.Empty;

    private volatile Exception? _fault;

    private volatile CacheTable _caches;

    /// <summary>Caches that are not served yet: they are told what happens, and read what was before.</summary>
    private volatile CacheTable _filling = CacheTable.Empty;

    public ObjectCaches(
        IStore store, IReadOnlyList<StoredResource> resources, ObjectCachesOptions options, TimeProvider time, ILogger<ObjectCaches> logger)
    {
        (_store, _options, _time, _logger) = (store, options, time, logger);
        _caches = new(resources.Where(r => !r.IsVirtual).Select(r => new ResourceCache(r, options, time)));
        _latest = new(store);
    }

    /// <summary>The revision at which all caches stand: every change up to it is in them.</summary>
    public Revision Revision => _waiters.Revision;

    public ObjectCachesOptions Options => _options;

    /// <summary>The caches are filled, and follow the store.</summary>
    public bool IsReady => NotReadyReason is null;

    /// <summary>What stands against being ready, for <c>/readyz</c>; null when nothing does.</summary>
    public string? NotReadyReason
    {
        get
        {
            if (_fault is { } fault)
                return $"etcd: {fault.Message}";
            if (Revision.IsNone)
                return "etcd: the caches are not filled yet";
            var unreadable = _unreadable;
            return unreadable.Count == 0 ? null
                : $"etcd: {unreadable.Count} values cannot be read, such as that of {unreadable.Keys[0]}: {unreadable.Values[0]}";
        }
    }

    /// <summary>The cache of a resource.</summary>
    /// <exception cref="InvalidOperationException">Nothing of this resource is stored.</exception>
    public ResourceCache For(StoredResource resource) =>
        _caches.ByResource.TryGetValue(resource.Collection, out var cache) || _retired.TryGetValue(resource.Collection, out cache) ? cache
        : throw new InvalidOperationException($"{resource} has no cache.");

    public bool TryGet(GroupResource resource, [MaybeNullWhen(false)] out ResourceCache cache) => _caches.ByName.TryGetValue(resource, out cache);

    /// <summary>
    /// Takes collections in and lets others go. Returns when the new ones are filled and stand with the others; those that went
    /// have told their watchers to leave.
    /// </summary>
    /// <param name="added">Not known so far; may have the keys of one that goes.</param>
    /// <param name="removed">Known so far.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then, or the rest is done later.</param>
    /// <exception cref="StoreException">The store cannot be read; nothing has changed.</exception>
    internal async Task ChangeAsync(
        IReadOnlyCollection<StoredResource> added, IReadOnlyCollection<StoredResource> removed, CancellationToken cancellationToken)
    {
        var reached = Revision.None;
        await _membership.WaitAsync(cancellationToken);
        try
        {
            var before = _caches;
            var fresh = added.Select(r => new ResourceCache(r, _options, _time)).ToList();
            foreach (var cache in fresh)
                cache.HoldBack();
            _filling = new(fresh);
            try
            {
                foreach (var cache in fresh)
                    reached = await FillAsync(cache, cancellationToken);
                var gone = removed.Select(r => before.ByResource.GetValueOrDefault(r)).OfType<ResourceCache>().ToHashSet();
                foreach (var cache in gone)
                    _retired.AddOrUpdate(cache.Resource, cache);
                _caches = new(before.All.Where(c => !gone.Contains(c)).Concat(fresh));
                foreach (var cache in gone)
                    cache.Retire();
            }
            finally
            {
                _filling = CacheTable.Empty;
            }
        }
        finally
        {
            _membership.Release();
        }
        // Lists are labelled with the revision at which all stand, which must not be older than what they show.
        if (!reached.IsNone)
            await WaitForAsync(reached, cancellationToken);
    }

    private async Task<Revision> FillAsync(ResourceCache cache, CancellationToken cancellationToken)
    {
        var found = new List<CachedObject>();
        var prefix = cache.Resource.KeyPrefix;
        var range = StoreRange.Prefix(prefix, _options.LoadPage);
        while (true)
        {
            var page = await _store.RangeAsync(range, cancellationToken);
            foreach (var entry in page.Entries)
            {
                if (TryRead(cache, entry.Key, entry.Value, entry.Modified, isFresh: false, out var read, out var why))
                    found.Add(read);
                else
                    NoteUnreadable(entry.Key, why);
            }
            range = range with { At = page.Revision };
            if (!page.More || page.Entries.Count == 0)
                break;
            range = range with { Start = page.Entries[^1].Key + "\0" };
        }
        cache.LoadHeldBack(ObjectTree.FromSorted(found), range.At);
        return range.At;
    }

    private void NoteUnreadable(string key, string why)
    {
        lock (_unreadableGate)
            _unreadable = new Dictionary<string, string>(_unreadable) { [key] = why }.ToFrozenDictionary();
    }

    private void NoteReadable(string key)
    {
        lock (_unreadableGate)
            _unreadable = _unreadable.Where(p => p.Key != key).ToFrozenDictionary(p => p.Key, p => p.Value);
    }

    /// <summary>Why the value of a key cannot be read; null when it can, or when there is none.</summary>
    public string? WhyUnreadable(string key) => _unreadable.GetValueOrDefault(key);

    /// <summary>Why the first value under a prefix that cannot be read is so; null when all can.</summary>
    /// <remarks>What cannot be read must not look as if it were gone: controllers would act on that.</remarks>
    public string? WhyUnreadableUnder(string prefix)
    {
        foreach (var (key, why) in _unreadable)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
                return why;
        }
        return null;
    }

    /// <summary>A value that was just written, as it is served.</summary>
    /// <exception cref="UnreadableValueException">The value is no object with metadata that this server could read.</exception>
    public CachedObject ReadWritten(StoredResource resource, string key, ReadOnlyMemory<byte> value, Revision revision) =>
        _fresh.Read(resource, key, value, revision);

    /// <summary>Returns when the caches have reached a revision.</summary>
    public ValueTask WaitForAsync(Revision revision, CancellationToken cancellationToken) => _waiters.WaitAsync(revision, cancellationToken);

    /// <summary>
    /// Returns when the caches show everything that was acknowledged before this call: a consistent read. The store is asked
    /// for its revision after the call began, once for all who wait; when the caches are there already, it returns at once.
    /// </summary>
    /// <exception cref="StoreException">The store cannot say.</exception>
    public ValueTask WaitForLatestAsync(CancellationToken cancellationToken)
    {
        var latest = _latest.ReadAsync(cancellationToken);
        return latest.IsCompletedSuccessfully
            ? WaitForAsync(latest.GetAwaiter().GetResult(), cancellationToken)
            : WaitForAsync(latest, cancellationToken);
    }

    private async ValueTask WaitForAsync(ValueTask<Revision> reading, CancellationToken cancellationToken) =>
        await WaitForAsync(await reading, cancellationToken);

    /// <summary>Like <see cref="WaitForAsync(Revision, CancellationToken)"/>, but only as long as reads wait for freshness; then the failure that clients know.</summary>
    public async ValueTask<Status?> WaitBrieflyAsync(Revision revision, CancellationToken cancellationToken)
    {
        var waiting = WaitForAsync(revision, cancellationToken);
        if (waiting.IsCompletedSuccessfully)
            return null;
        return await WithinAsync(waiting.AsTask(), cancellationToken) ? null : ListFailures.TooLargeResourceVersion(revision, Revision);
    }

    /// <summary>Like <see cref="WaitForLatestAsync"/>, but only as long as reads wait for freshness.</summary>
    public async ValueTask<Status?> WaitForLatestBrieflyAsync(CancellationToken cancellationToken)
    {
        var waiting = WaitForLatestAsync(cancellationToken);
        if (waiting.IsCompletedSuccessfully)
            return null;
        return await WithinAsync(waiting.AsTask(), cancellationToken) ? null : ListFailures.NotFresh();
    }

    public ReadOnlyMemory<byte>? Find(GroupResource resource, string @namespace, string name) =>
        _caches.ByName.TryGetValue(resource, out var cache) ? cache.Find(@namespace, name)?.Json : null;

    public IEnumerable<ReadOnlyMemory<byte>> List(GroupResource resource, string @namespace) =>
        _caches.ByName.TryGetValue(resource, out var cache) ? cache.Snapshot.Prefix(cache.Resource.Prefix(@namespace)).Select(o => o.Json) : [];

    /// <summary>Fills the caches and follows the store until cancelled. Faults are retried, never thrown.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.Zero;
        var loaded = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (!loaded)
                {
                    await LoadAsync(cancellationToken);
                    loaded = true;
                }
                _fault = null;
                await foreach (var batch in _store.WatchAsync(Revision, cancellationToken))
                {
                    pause = TimeSpan.Zero;
                    Apply(batch);
                }
                cancellationToken.ThrowIfCancellationRequested();
                throw new StoreException(StoreFault.Unavailable, "the store ended its log");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (RevisionCompactedException e)
            {
                WatchingLog.HistoryLost(_logger, Revision.Value, e);
                loaded = false;
            }
#pragma warning disable CA1031 // whatever the store throws, the hub must go on trying; it is logged, and shown by /readyz
            catch (Exception e)
#pragma warning restore CA1031
            {
                _fault = e;
                pause = pause == TimeSpan.Zero ? TimeSpan.FromMilliseconds(100) : pause * 2;
                pause = pause > _options.LongestBackoff ? _options.LongestBackoff : pause;
                WatchingLog.StoreFault(_logger, Revision.Value, (long)pause.TotalMilliseconds, e);
                try
                {
                    await Task.Delay(pause, _time, cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Reads everything at one revision, in pages, and puts it in place of what the caches held.</summary>
    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _membership.WaitAsync(cancellationToken);
        try
        {
            await LoadAllAsync(cancellationToken);
        }
        finally
        {
            _membership.Release();
        }
    }

    private async Task LoadAllAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var caches = _caches;
        var found = caches.All.ToDictionary(c => c, _ => new List<CachedObject>());
        var unreadable = new Dictionary<string, string>();
        var range = StoreRange.Prefix("/", _options.LoadPage);
        while (true)
        {
            var page = await _store.RangeAsync(range, cancellationToken);
            foreach (var entry in page.Entries)
            {
                if (caches.Of(entry.Key) is not { } cache)
                    continue;
                if (TryRead(cache, entry.Key, entry.Value, entry.Modified, isFresh: false, out var read, out var why))
                    found[cache].Add(read);
                else
                    unreadable[entry.Key] = why;
            }
            range = range with { At = page.Revision };
            if (!page.More || page.Entries.Count == 0)
                break;
            range = range with { Start = page.Entries[^1].Key + "\0" };
        }
        foreach (var (cache, objects) in found)
            cache.Load(ObjectTree.FromSorted(objects), range.At);
        lock (_unreadableGate)
            _unreadable = unreadable.ToFrozenDictionary();
        _waiters.Publish(range.At);
        WatchingLog.Loaded(_logger, found.Values.Sum(o => o.Count), range.At.Value, (long)_time.GetElapsedTime(started).TotalMilliseconds);
    }

    private void Apply(StoreBatch batch)
    {
        // Read in this order: a cache on its way from one to the next is in one of them at least.
        var filling = _filling;
        var caches = _caches;
        var retired = _retired.Select(p => p.Value).ToList();
        foreach (var change in batch.Events)
        {
            var served = caches.Of(change.Key);
            Apply(served, change);
            if (filling.Of(change.Key) is { } next && next != served)
                Apply(next, change);
            foreach (var old in retired)
            {
                if (old != served && change.Key.StartsWith(old.Resource.KeyPrefix, StringComparison.Ordinal))
                    Apply(old, change);
            }
        }
        if (batch.Revision > Revision)
            _waiters.Publish(batch.Revision);
    }

    private void Apply(ResourceCache? cache, StoreEvent change)
    {
        if (cache is null)
            return;
        CachedObject? current = null;
        if (change.Value is { } value)
        {
            if (!TryRead(cache, change.Key, value, change.Revision, isFresh: true, out current, out var why))
            {
                NoteUnreadable(change.Key, why);
                return;
            }
        }
        if (_unreadable.Count > 0 && _unreadable.ContainsKey(change.Key))
            NoteReadable(change.Key);
        cache.Apply(change.Key, current, change.Revision);
    }

    private bool TryRead(
        ResourceCache cache, string key, ReadOnlyMemory<byte> value, Revision revision, bool isFresh,
        [NotNullWhen(true)] out CachedObject? read, [NotNullWhen(false)] out string? why)
    {
        try
        {
            read = isFresh ? ReadWritten(cache.Resource, key, value, revision) : CachedObjectReader.Read(cache.Resource, key, value, revision);
            why = null;
            return true;
        }
        catch (UnreadableValueException e)
        {
            WatchingLog.Unreadable(_logger, e);
            why = e.Message;
            read = null;
            return false;
        }
    }

    private async ValueTask<bool> WithinAsync(Task waiting, CancellationToken cancellationToken)
    {
        try
        {
            await waiting.WaitAsync(_options.FreshnessTimeout, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
