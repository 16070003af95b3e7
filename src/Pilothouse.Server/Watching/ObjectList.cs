using Pilothouse.Server.Presentation;

namespace Pilothouse.Server.Watching;

/// <summary>What a list shows: a stretch of a snapshot, or objects chosen from one.</summary>
/// <param name="Metadata">Its revision, and where it goes on.</param>
/// <param name="Range">The objects, when <paramref name="Chosen"/> is null.</param>
/// <param name="Chosen">The objects that a selector chose, or that were read from the store.</param>
public sealed record ObjectList(ListMetadata Metadata, ObjectRange Range, IReadOnlyList<CachedObject>? Chosen = null)
{
    public int Count => Chosen?.Count ?? Range.Count;

    public IEnumerable<CachedObject> Objects => Chosen ?? (IEnumerable<CachedObject>)Range;
}
