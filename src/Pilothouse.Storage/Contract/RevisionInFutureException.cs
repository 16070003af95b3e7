using Pilothouse.Objects;

namespace Pilothouse.Storage;

/// <summary>A read asked for a revision that the store has not reached.</summary>
public sealed class RevisionInFutureException(Revision requested, Revision current)
    : Exception($"revision {requested} is in the future; the store stands at {current}")
{
    public Revision Requested { get; } = requested;

    public Revision Current { get; } = current;
}
