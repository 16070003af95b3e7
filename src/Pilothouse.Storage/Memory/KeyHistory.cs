using System.Runtime.InteropServices;
using Pilothouse.Objects;

namespace Pilothouse.Storage.Memory;

/// <summary>What became of one key, oldest first. Guarded by the store's lock.</summary>
internal sealed class KeyHistory(string key)
{
    public static readonly IComparer<KeyHistory> ByKey =
        Comparer<KeyHistory>.Create(static (left, right) => string.CompareOrdinal(left.Key, right.Key));

    private readonly List<StoreEvent> _changes = [];

    public string Key { get; } = key;

    public bool IsEmpty => _changes.Count == 0;

    /// <summary>Returns the bytes that it occupies.</summary>
    public long Add(in StoreEvent change)
    {
        _changes.Add(change);
        return Size(change);
    }

    /// <summary>What the key held at a revision.</summary>
    public StoreEntry? At(Revision revision)
    {
        var last = LastUpTo(revision);
        return last >= 0 && _changes[last] is { Value: { } value } change
            ? new StoreEntry(Key, value, change.Created, change.Revision)
            : null;
    }

    /// <summary>Drops what nobody can read any more who reads at this revision or later. Returns the bytes set free.</summary>
    public long Forget(Revision upTo)
    {
        var last = LastUpTo(upTo);
        if (last < 0)
            return 0;
        var forgotten = _changes[last].Value is null ? last + 1 : last;
        long bytes = 0;
        foreach (ref readonly var change in CollectionsMarshal.AsSpan(_changes)[..forgotten])
            bytes += Size(change);
        _changes.RemoveRange(0, forgotten);
        return bytes;
    }

    private static long Size(in StoreEvent change) => change.Key.Length + (change.Value?.Length ?? 0);

    private int LastUpTo(Revision revision)
    {
        var last = _changes.Count - 1;
        while (last >= 0 && _changes[last].Revision > revision)
            last--;
        return last;
    }
}
