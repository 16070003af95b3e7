using Microsoft.Extensions.Logging;

namespace Pilothouse.Server.Bootstrap;

internal static partial class BootstrapLog
{
    [LoggerMessage(EventId = 700, Level = LogLevel.Information, Message = "The cluster's own objects are there; {Created} were made")]
    public static partial void Complete(this ILogger logger, int created);

    [LoggerMessage(EventId = 701, Level = LogLevel.Warning, Message = "The cluster's own objects could not be written; trying again")]
    public static partial void Failed(this ILogger logger, Exception fault);
}
