namespace Pilothouse.Hosting;

/// <summary>
/// Keeps the process's memory near what the caches hold. The collector, left alone, lets the old generation grow by most of its
/// size before it looks at it, and leaves holes, which after a burst of writes is half of a small server. Looks once a second; a
/// look costs microseconds. It collects when the heap has grown by a good part, or when it is quiet and much of it is waste.
/// </summary>
internal sealed class MemoryKeeper : IAsyncDisposable
{
    /// <summary>Growth or waste that is nobody's concern.</summary>
    private const long Tolerated = 8 << 20;
    private const double GrowthShare = 0.15;

    /// <summary>Allocation in a second below which the server counts as quiet.</summary>
    private const long QuietAllocation = 2 << 20;

    /// <summary>Heaps up to here are compacted under load: the pause is some tens of milliseconds. Larger ones are only swept.</summary>
    private const long LargestCompacted = 192L << 20;

    /// <summary>And up to here when it is quiet: nobody waits for some hundreds of milliseconds then.</summary>
    private const long LargestCompactedInQuiet = 2048L << 20;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public MemoryKeeper(TimeProvider time) => _loop = RunAsync(time);

    /// <summary>Gives back what the start has left. To be called when that is over.</summary>
    public static void CollectAfterStart()
    {
        if (Committed <= LargestCompacted)
            Compact();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(TimeProvider time)
    {
        // What compacting left, and how large the heap was when it was last only swept.
        var (kept, swept) = (0L, 0L);
        var allocated = GC.GetTotalAllocatedBytes();
        using var timer = new PeriodicTimer(_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var before = allocated;
                allocated = GC.GetTotalAllocatedBytes();
                var committed = Committed;
                // What the last collection left cannot be helped: not again until there is more.
                var growth = committed - kept;
                var quiet = allocated - before < QuietAllocation;
                var wasted = quiet && growth > Tolerated / 2 && committed - GC.GetTotalMemory(forceFullCollection: false) > Tolerated;
                if (!wasted && committed - Math.Max(kept, swept) <= Tolerated + (long)(Math.Max(kept, swept) * GrowthShare))
                    continue;
                if (committed <= (quiet ? LargestCompactedInQuiet : LargestCompacted))
                {
                    Compact();
                    (kept, swept) = (Committed, 0);
                }
                else
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false, compacting: false);
                    // Sweeping leaves holes: they are waste still when it is quiet.
                    (kept, swept) = (Math.Min(kept, LargestCompacted), committed);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    private static void Compact() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private static long Committed => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
}
