using Pilothouse.Objects;

namespace Pilothouse.Storage;

/// <summary>The answer to a ranged read.</summary>
/// <param name="Entries">Sorted by key, ordinal.</param>
/// <param name="Revision">The revision that the page shows; continue at it for the next page of the same state.</param>
/// <param name="More">There are keys behind the last entry.</param>
/// <param name="Count">How many keys the whole range holds, entries included.</param>
public sealed record StorePage(IReadOnlyList<StoreEntry> Entries, Revision Revision, bool More, long Count);
