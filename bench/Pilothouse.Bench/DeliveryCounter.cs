using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pilothouse.Bench;

/// <summary>Counts what all watchers of a run have seen, and how late.</summary>
internal sealed class DeliveryCounter(int watchers)
{
    private readonly TaskCompletionSource _allOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private long _delivered;
    private long _target = long.MaxValue;

    public Task AllOpen => _allOpen.Task;

    /// <summary>Milliseconds from the change to its arrival.</summary>
    public ConcurrentBag<double> Latencies { get; } = [];

    public int EventSize { get; private set; }

    public void Opened()
    {
        if (Interlocked.Increment(ref _open) == watchers)
            _allOpen.SetResult();
    }

    public void Delivered(long sentAt, int size)
    {
        Latencies.Add(Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds);
        EventSize = size;
        if (Interlocked.Increment(ref _delivered) == Volatile.Read(ref _target))
            _reached.TrySetResult();
    }

    /// <summary>Completes when so many events have been delivered in all. One waiter at a time.</summary>
    public Task ReachedAsync(long count)
    {
        _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _target, count);
        if (Interlocked.Read(ref _delivered) >= count)
            _reached.TrySetResult();
        return _reached.Task;
    }
}
