using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Evaluates the writes of a namespace together: while one batch is being charged the next gathers, and each quota is written
/// once per batch. The first of a batch does the work for all of it, and hands over to the first of the next.
/// </summary>
/// <remarks>The lock guards the table of batches and the state of waiters. A namespace is in it only while something waits.</remarks>
internal sealed class QuotaQueue(Func<string, IReadOnlyList<QuotaQueue.Waiter>, CancellationToken, ValueTask> charge, TimeProvider time)
{
    // As long as upstream waits for its own.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Waiter>> _waiting = [];

    /// <summary>Evaluates and charges a write; a refusal, or null.</summary>
    public async ValueTask<Status?> EvaluateAsync(AdmissionRequest request, QuotaEvaluator evaluator)
    {
        var waiter = new Waiter(request, evaluator);
        bool leads;
        lock (_lock)
        {
            leads = !_waiting.TryGetValue(request.Namespace, out var others);
            if (leads)
                _waiting[request.Namespace] = [waiter];
            else
                others!.Add(waiter);
        }
        if (!leads)
        {
            var turn = waiter.Turn.Task;
            if (await Task.WhenAny(turn, Task.Delay(Patience, time)) != turn && Abandon(waiter))
                return TimedOut();
            leads = await turn;
        }
        if (leads)
            await LeadAsync(request.Namespace);
        return waiter.Result;
    }

    private async ValueTask LeadAsync(string @namespace)
    {
        List<Waiter> batch;
        lock (_lock)
        {
            batch = _waiting[@namespace];
            _waiting[@namespace] = [];
            batch.RemoveAll(w => w.IsAbandoned);
            // Whoever is in a batch is decided with it, and no longer counted as waiting.
            foreach (var waiter in batch)
                waiter.IsTaken = true;
        }
        Exception? fault = null;
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            await charge(@namespace, batch, patience.Token);
        }
#pragma warning disable CA1031 // it is thrown to each waiter, the one that leads among them
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = e;
        }
        lock (_lock)
        {
            var next = _waiting[@namespace];
            next.RemoveAll(w => w.IsAbandoned);
            if (next.Count == 0)
            {
                _waiting.Remove(@namespace);
            }
            else
            {
                next[0].IsTaken = true;
                next[0].Turn.TrySetResult(true);
            }
        }
        foreach (var waiter in batch)
        {
            if (fault is null)
                waiter.Turn.TrySetResult(false);
            else
                waiter.Turn.TrySetException(fault);
        }
        if (fault is OperationCanceledException)
        {
            foreach (var waiter in batch)
                waiter.Result = TimedOut();
            return;
        }
        if (fault is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
    }

    private bool Abandon(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.IsTaken)
                return false;
            return waiter.IsAbandoned = true;
        }
    }

    private static Status TimedOut() => Status.InternalError("resource quota evaluation timed out");

    /// <summary>A write that is being evaluated.</summary>
    internal sealed class Waiter(AdmissionRequest request, QuotaEvaluator evaluator)
    {
        public AdmissionRequest Request => request;

        public QuotaEvaluator Evaluator => evaluator;

        /// <summary>Why it is refused; null for nothing.</summary>
        public Status? Result { get; set; }

        /// <summary>The result stands: nothing is to be charged for it any more.</summary>
        public bool IsDecided { get; set; }

        /// <summary>True when this one is to lead the next batch, false when it was in one and has its result.</summary>
        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsTaken { get; set; }

        public bool IsAbandoned { get; set; }
    }
}
