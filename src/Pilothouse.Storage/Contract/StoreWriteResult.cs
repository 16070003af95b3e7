using Pilothouse.Objects;

namespace Pilothouse.Storage;

/// <summary>What became of a write.</summary>
/// <param name="Succeeded">It happened, and is durable.</param>
/// <param name="Revision">On success, the revision that it made.</param>
/// <param name="Current">When the expectation did not hold, what the key holds instead; null for nothing.</param>
public readonly record struct StoreWriteResult(bool Succeeded, Revision Revision, StoreEntry? Current)
{
    public static StoreWriteResult Written(Revision revision) => new(true, revision, null);

    public static StoreWriteResult Refused(StoreEntry? current) => new(false, Revision.None, current);
}
