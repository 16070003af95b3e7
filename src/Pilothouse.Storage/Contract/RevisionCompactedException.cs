using Pilothouse.Objects;

namespace Pilothouse.Storage;

/// <summary>The history that was asked for has been compacted away.</summary>
public sealed class RevisionCompactedException(Revision requested, Revision oldest)
    : Exception($"revision {requested} has been compacted; the oldest readable is {oldest}")
{
    public Revision Requested { get; } = requested;

    /// <summary>The oldest revision that can still be read; none when unknown.</summary>
    public Revision Oldest { get; } = oldest;
}
