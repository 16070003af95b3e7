using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>
/// What was just written is read twice, by the answer to its writer and by the hub: whoever comes first leaves it here for the
/// other. A slot is overwritten when the other never comes (another server wrote, or the client is gone). Thread-safe.
/// </summary>
internal sealed class FreshReads
{
    private const int Slots = 256;

    private readonly Fresh?[] _slots = new Fresh?[Slots];

    private sealed record Fresh(StoredResource Collection, ReadOnlyMemory<byte> Value, CachedObject Object);

    /// <summary>Reads a stored value, or takes what was read of it.</summary>
    /// <exception cref="UnreadableValueException">The value is no object with metadata that this server could read.</exception>
    public CachedObject Read(StoredResource resource, string key, ReadOnlyMemory<byte> value, Revision revision)
    {
        ref var slot = ref _slots[revision.Value & (Slots - 1)];
        // The bytes too: after a restore a store may count its revisions once more. And the collection: a definition may have changed.
        if (Volatile.Read(ref slot) is { } fresh && fresh.Object.Revision == revision && fresh.Object.Key == key
            && ReferenceEquals(fresh.Collection, resource.Collection)
            && fresh.Value.Span.SequenceEqual(value.Span))
        {
            Interlocked.CompareExchange(ref slot, null, fresh);
            return fresh.Object;
        }
        var read = CachedObjectReader.Read(resource, key, value, revision);
        Volatile.Write(ref slot, new(resource.Collection, value, read));
        return read;
    }
}
