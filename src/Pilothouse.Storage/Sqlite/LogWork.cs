namespace Pilothouse.Storage.Sqlite;

/// <summary>Something that waits for the writer: applied in a transaction with whatever else waits, completed when that is on disk.</summary>
internal abstract class LogWork : TaskCompletionSource<StoreWriteResult>
{
    private StoreWriteResult _result;

    protected LogWork()
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
    }

    /// <summary>By the writer, inside a transaction that may yet fail.</summary>
    public void Apply(LogTransaction transaction)
    {
        // Whoever gave up before its turn wants nothing any more.
        if (!Task.IsCompleted)
            _result = Run(transaction);
    }

    /// <summary>By the writer, when the transaction is durable.</summary>
    public void Complete() => TrySetResult(_result);

    protected abstract StoreWriteResult Run(LogTransaction transaction);
}
