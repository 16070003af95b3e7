using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>Those who wait until the caches have reached a revision. Thread-safe.</summary>
internal sealed class RevisionWaiters
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private long _revision;

    /// <summary>When the queue has this many, those who gave up are swept out of it.</summary>
    private int _sweepAt = 256;

    public Revision Revision => new(Volatile.Read(ref _revision));

    public ValueTask WaitAsync(Revision revision, CancellationToken cancellationToken) =>
        Revision >= revision ? ValueTask.CompletedTask : EnqueueAsync(revision, cancellationToken);

    /// <summary>Says that the caches stand at a revision. Called by one writer.</summary>
    public void Publish(Revision revision)
    {
        Volatile.Write(ref _revision, revision.Value);
        lock (_lock)
        {
            while (_waiting.TryPeek(out _, out var least) && least <= revision.Value)
                _waiting.Dequeue().TrySetResult();
        }
    }

    private async ValueTask EnqueueAsync(Revision revision, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (Revision >= revision)
                return;
            if (_waiting.Count >= _sweepAt)
                Sweep();
            _waiting.Enqueue(waiter, revision.Value);
        }
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter);
        await waiter.Task;
    }

    private void Sweep()
    {
        var still = _waiting.UnorderedItems.Where(w => !w.Element.Task.IsCompleted).ToList();
        _waiting.Clear();
        _waiting.EnqueueRange(still);
        _sweepAt = Math.Max(256, still.Count * 2);
    }
}
