namespace Pilothouse.Server.Auditing;

/// <summary>How events are gathered (mode batch).</summary>
public sealed record AuditBatchOptions
{
    /// <summary>How many events wait at most; more are dropped, and counted.</summary>
    public int BufferSize { get; init; } = 10_000;

    /// <summary>How many go at once at most.</summary>
    public int MaxSize { get; init; } = 400;

    /// <summary>How long a batch waits for more.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Batches a second on average; 0 for no limit.</summary>
    public double QueriesPerSecond { get; init; }

    /// <summary>Batches that may go at once after a quiet time.</summary>
    public int Burst { get; init; } = 15;
}
