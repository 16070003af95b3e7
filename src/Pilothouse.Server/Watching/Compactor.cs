using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Storage;

namespace Pilothouse.Server.Watching;

/// <summary>
/// Lets the store forget its history, as <c>--etcd-compaction-interval</c> says: each time up to where the store stood one
/// interval ago, so that whoever reads in pages or resumes a watch has at least one interval for it. Several servers on one
/// store may do so side by side: none goes beyond what it saw an interval ago.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="interval">How often; zero for never.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of each compaction, and of those that fail.</param>
public sealed class Compactor(IStore store, TimeSpan interval, TimeProvider time, ILogger<Compactor> logger)
{
    /// <summary>Compacts until cancelled. Faults are logged, and tried again one interval later.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (interval <= TimeSpan.Zero)
            return;
        var seen = Revision.None;
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do
            {
                seen = await CompactAsync(seen, cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task<Revision> CompactAsync(Revision seen, CancellationToken cancellationToken)
    {
        try
        {
            var current = await store.CurrentRevisionAsync(cancellationToken);
            if (!seen.IsNone && seen < current)
            {
                try
                {
                    await store.CompactAsync(seen, cancellationToken);
                    WatchingLog.Compacted(logger, seen.Value);
                }
                catch (RevisionCompactedException)
                {
                    // Another server was there first.
                }
            }
            return current;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // whatever the store throws, the next interval tries again; it is logged
        catch (Exception e)
#pragma warning restore CA1031
        {
            WatchingLog.CompactionFailed(logger, interval.TotalSeconds, e);
            return seen;
        }
    }
}
