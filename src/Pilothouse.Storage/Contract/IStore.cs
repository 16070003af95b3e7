using Pilothouse.Objects;

namespace Pilothouse.Storage;

/// <summary>
/// An ordered log of revisions over a flat key space, as etcd has it. Keys are relative to the store's prefix and begin with
/// a slash: <c>/pods/default/web-0</c>. A revision changes one key (on etcd a foreign transaction may change several).
/// All members may be called concurrently.
/// </summary>
/// <remarks>
/// Faults of the store itself (away, full, damaged, too slow) are <see cref="StoreException"/>s; what a caller can cause is in
/// the results. <see cref="OperationCanceledException"/> means that the caller gave up: a write may have happened or not.
/// </remarks>
public interface IStore : IAsyncDisposable
{
    /// <summary>What a key holds, now (linearizable) or at a revision; null when there is nothing.</summary>
    /// <exception cref="RevisionCompactedException">The history of that revision is gone.</exception>
    /// <exception cref="RevisionInFutureException">The store has not reached it.</exception>
    ValueTask<StoreEntry?> GetAsync(string key, Revision at, CancellationToken cancellationToken);

    /// <summary>A page of the keys in a range, sorted by ordinal, now (linearizable) or at a revision.</summary>
    /// <exception cref="RevisionCompactedException">The history of that revision is gone.</exception>
    /// <exception cref="RevisionInFutureException">The store has not reached it.</exception>
    ValueTask<StorePage> RangeAsync(StoreRange range, CancellationToken cancellationToken);

    /// <summary>
    /// Creates, updates or deletes one key, if it stands at the expected revision. When this returns success the change is
    /// durable; concurrent writes are made durable together. A deletion of a key that does not exist is refused.
    /// </summary>
    ValueTask<StoreWriteResult> WriteAsync(StoreWrite write, CancellationToken cancellationToken);

    /// <summary>The newest revision, linearizable: at least as new as any write acknowledged before the call.</summary>
    ValueTask<Revision> CurrentRevisionAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Every change after a revision, in order, as it happens, until cancelled. A batch is complete: all changes up to its
    /// <see cref="StoreBatch.Revision"/> have been delivered with it or before it. A batch may be empty (progress). After a
    /// disconnect an implementation resumes by itself where it stopped. Without changes nothing comes, not even at the start.
    /// </summary>
    /// <exception cref="RevisionCompactedException">Changes that were asked for are gone: read everything anew.</exception>
    IAsyncEnumerable<StoreBatch> WatchAsync(Revision after, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets superseded values up to and including a revision. Reads at older revisions, and watches from older ones, fail
    /// from then on. Nothing happens when that was done already.
    /// </summary>
    /// <exception cref="RevisionInFutureException">The store has not reached it.</exception>
    ValueTask CompactAsync(Revision upTo, CancellationToken cancellationToken);

    /// <summary>Bytes that the store occupies.</summary>
    ValueTask<long> SizeAsync(CancellationToken cancellationToken);

    /// <summary>Returns when the store can serve; throws what stands against it.</summary>
    /// <exception cref="StoreException">It cannot.</exception>
    ValueTask CheckHealthAsync(CancellationToken cancellationToken);
}
