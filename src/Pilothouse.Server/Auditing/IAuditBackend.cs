namespace Pilothouse.Server.Auditing;

/// <summary>Where audit events go.</summary>
public interface IAuditBackend : IAsyncDisposable
{
    /// <summary>The name in metrics and logs: log, webhook.</summary>
    string Name { get; }

    /// <summary>
    /// Takes an event, one JSON object of audit.k8s.io/v1. False when it could not be taken and that must stop the request
    /// (mode blocking-strict); what is dropped otherwise the backend counts itself.
    /// </summary>
    ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> json, AuditStages stage, CancellationToken cancellationToken);
}
