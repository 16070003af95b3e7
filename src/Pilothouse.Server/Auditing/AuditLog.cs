using Microsoft.Extensions.Logging;

namespace Pilothouse.Server.Auditing;

/// <summary>What auditing tells the operator.</summary>
internal static partial class AuditLog
{
    [LoggerMessage(1, LogLevel.Error, "Audit backend {Backend} lost {Count} events: {Why}")]
    public static partial void Lost(ILogger log, string backend, int count, string why);
}
