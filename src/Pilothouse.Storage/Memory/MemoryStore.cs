using Pilothouse.Objects;

namespace Pilothouse.Storage.Memory;

/// <summary>
/// The store's contract without durability, for tests and throw-away servers. All state is guarded by one lock that is never
/// held across an await; watchers read the log at their own pace, so none of them holds up a writer or another watcher.
/// </summary>
public sealed class MemoryStore : IStore
{
    private const int BatchLimit = 512;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly SortedSet<KeyHistory> _keys = new(KeyHistory.ByKey);
    private readonly RevisionLog _log = new();
    private readonly PriorityQueue<(string Key, Revision Modified), DateTimeOffset> _expirations = new();
    private readonly ITimer _expiryTimer;
    private TaskCompletionSource _changed = NewSignal();
    private Revision _compacted;
    private long _bytes;
    private bool _closed;

    public MemoryStore(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _expiryTimer = _time.CreateTimer(static store => ((MemoryStore)store!).DeleteExpired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ValueTask<StoreEntry?> GetAsync(string key, Revision at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ThrowIfClosed();
            var readable = ReadableRevision(at);
            return new(Find(key)?.At(readable));
        }
    }

    public ValueTask<StorePage> RangeAsync(StoreRange range, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ThrowIfClosed();
            var at = ReadableRevision(range.At);
            var entries = new List<StoreEntry>();
            long count = 0;
            if (string.CompareOrdinal(range.Start, range.End) < 0)
            {
                foreach (var history in _keys.GetViewBetween(new KeyHistory(range.Start), new KeyHistory(range.End)))
                {
                    // The view includes its upper bound, a range does not.
                    if (history.Key == range.End || history.At(at) is not { } entry)
                        continue;
                    count++;
                    if (range.Limit == 0 || entries.Count < range.Limit)
                        entries.Add(entry);
                }
            }
            return new(new StorePage(entries, at, count > entries.Count, count));
        }
    }

    public ValueTask<StoreWriteResult> WriteAsync(StoreWrite write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource changed;
        StoreWriteResult result;
        lock (_gate)
        {
            ThrowIfClosed();
            var current = Find(write.Key)?.At(_log.Last);
            if ((current?.Modified ?? Revision.None) != write.Expected || (write.Value is null && current is null))
                return new(StoreWriteResult.Refused(current));
            result = StoreWriteResult.Written(Apply(write, current));
            changed = RenewSignal();
        }
        changed.SetResult();
        return new(result);
    }

    public ValueTask<Revision> CurrentRevisionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ThrowIfClosed();
            return new(_log.Last);
        }
    }

    public async IAsyncEnumerable<StoreBatch> WatchAsync(
        Revision after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            StoreEvent[] events;
            Task changed;
            lock (_gate)
            {
                ThrowIfClosed();
                if (after < _compacted)
                    throw new RevisionCompactedException(after, _compacted);
                events = _log.After(after, BatchLimit);
                changed = _changed.Task;
            }
            if (events.Length == 0)
            {
                await changed.WaitAsync(cancellationToken);
                continue;
            }
            cancellationToken.ThrowIfCancellationRequested();
            after = events[^1].Revision;
            yield return new StoreBatch(events, after);
        }
    }

    public ValueTask CompactAsync(Revision upTo, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ThrowIfClosed();
            if (upTo > _log.Last)
                throw new RevisionInFutureException(upTo, _log.Last);
            if (upTo <= _compacted)
                return ValueTask.CompletedTask;
            _compacted = upTo;
            foreach (var change in _log.RemoveUpTo(upTo))
            {
                if (Find(change.Key) is not { } history)
                    continue;
                _bytes -= history.Forget(upTo);
                if (history.IsEmpty)
                    _keys.Remove(history);
            }
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask<long> SizeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(_bytes);
    }

    public ValueTask CheckHealthAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            ThrowIfClosed();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _closed = true;
            changed = RenewSignal();
        }
        changed.SetResult();
        await _expiryTimer.DisposeAsync();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TaskCompletionSource RenewSignal()
    {
        var changed = _changed;
        _changed = NewSignal();
        return changed;
    }

    private void ThrowIfClosed()
    {
        if (_closed)
            throw new StoreException(StoreFault.Unavailable, "the store is closed");
    }

    private Revision ReadableRevision(Revision at)
    {
        if (at.IsNone)
            return _log.Last;
        if (at < _compacted)
            throw new RevisionCompactedException(at, _compacted);
        return at > _log.Last ? throw new RevisionInFutureException(at, _log.Last) : at;
    }

    private KeyHistory? Find(string key) => _keys.TryGetValue(new KeyHistory(key), out var history) ? history : null;

    private Revision Apply(in StoreWrite write, StoreEntry? current)
    {
        var revision = _log.Last.Next;
        var created = write.Value is null ? Revision.None : current?.Created ?? revision;
        if (Find(write.Key) is not { } history)
            _keys.Add(history = new KeyHistory(write.Key));
        var change = new StoreEvent(history.Key, write.Value, created, revision);
        _bytes += history.Add(change);
        _log.Add(change);
        if (write is { Value: not null, TimeToLive: { } timeToLive })
        {
            _expirations.Enqueue((history.Key, revision), _time.GetUtcNow() + timeToLive);
            ScheduleExpiry();
        }
        return revision;
    }

    private void ScheduleExpiry()
    {
        if (_expirations.TryPeek(out _, out var due))
        {
            var wait = due - _time.GetUtcNow();
            _expiryTimer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private void DeleteExpired()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_closed)
                return;
            while (_expirations.TryPeek(out var key, out var due) && due <= _time.GetUtcNow())
            {
                _expirations.Dequeue();
                // A later write has its own time to live, or none.
                if (Find(key.Key)?.At(_log.Last) is { } current && current.Modified == key.Modified)
                    Apply(StoreWrite.Delete(key.Key, key.Modified), current);
            }
            ScheduleExpiry();
            changed = RenewSignal();
        }
        changed.SetResult();
    }
}
