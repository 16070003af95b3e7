using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>One change of one object: what it was and what it is. Shared by the history and all watchers.</summary>
public sealed class ObjectChange(Revision revision, CachedObject? previous, CachedObject? current)
{
    private CachedObject? _last;

    public Revision Revision { get; } = revision;

    /// <summary>The state before; null when the object came to be.</summary>
    public CachedObject? Previous { get; } = previous;

    /// <summary>The state after; null when the object was deleted.</summary>
    public CachedObject? Current { get; } = current;

    public string Key => (Current ?? Previous)!.Key;

    /// <summary>
    /// The state before, with this change's resourceVersion: what watchers are told of an object that is gone, or gone out of
    /// their selector. Made when the first of them asks.
    /// </summary>
    public CachedObject Last => _last ??= CachedObjectReader.WithRevision(Previous!, Revision);
}
