using Microsoft.Extensions.Logging;

namespace Pilothouse.Server.Auditing;

/// <summary>
/// Puts each event into the sink before the request goes on (modes blocking and blocking-strict), at most for so long. In the
/// strict mode a request whose first event cannot be put is refused.
/// </summary>
public sealed class BlockingAudit(IAuditSink sink, bool strict, TimeSpan patience, ILogger log) : IAuditBackend
{
    private readonly SemaphoreSlim _turn = new(1);

    public string Name => sink.Name;

    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> json, AuditStages stage, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await _turn.WaitAsync(limit.Token);
            try
            {
                await sink.SendAsync([json], limit.Token);
            }
            finally
            {
                _turn.Release();
            }
            return true;
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            AuditMetrics.Lost(Name, 1);
            AuditLog.Lost(log, Name, 1, fault.Message);
            return !(strict && stage == AuditStages.RequestReceived);
        }
    }

    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        return sink.DisposeAsync();
    }
}
