using Pilothouse.Objects;

namespace Pilothouse.Storage.Sqlite;

/// <summary>
/// The newest changes in memory, for watchers that are nearly up to date; the others read the log. Bounded in number and in
/// bytes, the oldest go first. Every revision has one change, so a revision tells its place. Guarded by the store's lock.
/// </summary>
internal sealed class RecentChanges(Revision last)
{
    private const int Capacity = 2048;
    private const long ByteLimit = 4 << 20;

    private readonly StoreEvent[] _ring = new StoreEvent[Capacity];
    private long _before = last.Value;
    private long _last = last.Value;
    private long _bytes;

    public void Add(in StoreEvent change)
    {
        if (_last - _before == Capacity)
            RemoveOldest();
        _last = change.Revision.Value;
        _ring[_last % Capacity] = change;
        _bytes += Size(change);
        while (_bytes > ByteLimit && _before < _last)
            RemoveOldest();
    }

    /// <summary>What came after a revision; null when that reaches further back than memory does.</summary>
    public StoreEvent[]? After(Revision revision, int limit)
    {
        if (revision.Value < _before)
            return null;
        var events = new StoreEvent[Math.Clamp(_last - revision.Value, 0, limit)];
        for (var i = 0; i < events.Length; i++)
            events[i] = _ring[(revision.Value + 1 + i) % Capacity];
        return events;
    }

    private static long Size(in StoreEvent change) => change.Value?.Length ?? 0;

    private void RemoveOldest()
    {
        ref var oldest = ref _ring[++_before % Capacity];
        _bytes -= Size(oldest);
        oldest = default;
    }
}
