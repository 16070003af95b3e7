namespace Pilothouse.Catalog;

/// <summary>
/// What was reserved elsewhere in the store for an object that is about to be written: a service's addresses and ports.
/// Whoever got it calls exactly one of the two.
/// </summary>
public abstract class WriteReservation
{
    /// <summary>The object is in the store: what it holds now is its own, what it held before is given back.</summary>
    public abstract ValueTask KeepAsync(CancellationToken cancellationToken);

    /// <summary>The object was not written: gives everything back.</summary>
    public abstract ValueTask ReleaseAsync(CancellationToken cancellationToken);
}
