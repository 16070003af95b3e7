using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>
/// The recent changes of one resource, in order, for watches that begin at a resourceVersion and lists of a past one. Bounded by
/// count and by the bytes that only it keeps alive: superseded states. Guarded by the lock of its cache.
/// </summary>
internal sealed class ChangeHistory(int mostChanges, long mostBytes)
{
    private ObjectChange[] _ring = new ObjectChange[16];
    private int _first;
    private long _bytes;

    /// <summary>All changes after this revision are here.</summary>
    public Revision Floor { get; private set; }

    public int Count { get; private set; }

    /// <summary>Forgets everything: history begins at a revision.</summary>
    public void Restart(Revision floor)
    {
        Array.Clear(_ring);
        (_first, Count, _bytes, Floor) = (0, 0, 0, floor);
    }

    public void Add(ObjectChange change)
    {
        if (Count == _ring.Length)
        {
            if (Count < mostChanges)
                Grow();
            else
                DropFirst();
        }
        _ring[(_first + Count++) & (_ring.Length - 1)] = change;
        _bytes += Weight(change);
        while (_bytes > mostBytes && Count > 1)
            DropFirst();
    }

    /// <summary>The changes after a revision, the oldest first. It must not be before <see cref="Floor"/>.</summary>
    public ObjectChange[] After(Revision revision)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (At(middle).Revision > revision)
                high = middle;
            else
                low = middle + 1;
        }
        var changes = new ObjectChange[Count - low];
        for (var i = 0; i < changes.Length; i++)
            changes[i] = At(low + i);
        return changes;
    }

    private static long Weight(ObjectChange change) => change.Previous is { } previous ? previous.Json.Length + 256 : 64;

    private ObjectChange At(int index) => _ring[(_first + index) & (_ring.Length - 1)];

    private void DropFirst()
    {
        var dropped = _ring[_first];
        _ring[_first] = null!;
        _first = (_first + 1) & (_ring.Length - 1);
        Count--;
        _bytes -= Weight(dropped);
        Floor = dropped.Revision;
    }

    private void Grow()
    {
        var grown = new ObjectChange[_ring.Length * 2];
        for (var i = 0; i < Count; i++)
            grown[i] = At(i);
        (_ring, _first) = (grown, 0);
    }
}
