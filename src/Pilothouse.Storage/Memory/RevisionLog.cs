using System.Runtime.InteropServices;
using Pilothouse.Objects;

namespace Pilothouse.Storage.Memory;

/// <summary>Changes in order, one for each revision, from the oldest that is not compacted. Guarded by the store's lock.</summary>
internal sealed class RevisionLog
{
    private readonly List<StoreEvent> _changes = [];

    // An empty etcd stands at revision 1, and so do we: 0 means "any" to clients.
    private Revision _before = new(1);

    public Revision Last => new(_before.Value + _changes.Count);

    public void Add(in StoreEvent change) => _changes.Add(change);

    public StoreEvent[] After(Revision revision, int limit)
    {
        var from = revision.Value - _before.Value;
        if (from >= _changes.Count)
            return [];
        var start = (int)Math.Max(from, 0);
        return CollectionsMarshal.AsSpan(_changes).Slice(start, Math.Min(limit, _changes.Count - start)).ToArray();
    }

    public StoreEvent[] RemoveUpTo(Revision revision)
    {
        var count = (int)Math.Max(revision.Value - _before.Value, 0);
        var removed = CollectionsMarshal.AsSpan(_changes)[..count].ToArray();
        _changes.RemoveRange(0, count);
        _before = new Revision(_before.Value + count);
        return removed;
    }
}
