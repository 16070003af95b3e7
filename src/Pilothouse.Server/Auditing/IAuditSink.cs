namespace Pilothouse.Server.Auditing;

/// <summary>Where events are put, one way or another: a file, a webhook.</summary>
public interface IAuditSink : IAsyncDisposable
{
    /// <summary>The name in metrics and logs: log, webhook.</summary>
    string Name { get; }

    /// <summary>Puts events there; called by one at a time.</summary>
    /// <exception cref="IOException">It could not; the events are lost.</exception>
    ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken);
}
