using Pilothouse.Objects;

namespace Pilothouse.Storage.Contract;

/// <summary>The slow, obvious store: a list of changes, searched from the end.</summary>
internal sealed class StoreModel(Revision start)
{
    public List<StoreEvent> Changes { get; } = [];

    public Revision Current => Changes.Count == 0 ? start : Changes[^1].Revision;

    public Revision Compacted { get; set; }

    public StoreEntry? Get(string key, Revision at)
    {
        var index = Changes.FindLastIndex(change => change.Key == key && change.Revision <= at);
        return index >= 0 && Changes[index] is { Value: { } value } change
            ? new StoreEntry(key, value, change.Created, change.Revision)
            : null;
    }

    public IEnumerable<StoreEntry> Range(StoreRange range, Revision at) =>
        Changes.Select(change => change.Key).Distinct()
            .Where(key => string.CompareOrdinal(key, range.Start) >= 0 && string.CompareOrdinal(key, range.End) < 0)
            .Order(StringComparer.Ordinal)
            .Select(key => Get(key, at)).OfType<StoreEntry>();

    public StoreWriteResult Write(StoreWrite write)
    {
        var current = Get(write.Key, Current);
        if ((current?.Modified ?? Revision.None) != write.Expected || (write.Value is null && current is null))
            return StoreWriteResult.Refused(current);
        var revision = Current.Next;
        Changes.Add(new StoreEvent(write.Key, write.Value, write.Value is null ? Revision.None : current?.Created ?? revision, revision));
        return StoreWriteResult.Written(revision);
    }
}
