using Microsoft.Extensions.Logging;

namespace Pilothouse.Server.CustomResources.Definitions;

internal static partial class DefinitionsLog
{
    [LoggerMessage(EventId = 760, Level = LogLevel.Warning, Message = "The status of definitions could not be written; trying again")]
    public static partial void Failed(this ILogger logger, Exception fault);

    [LoggerMessage(EventId = 761, Level = LogLevel.Warning, Message = "The instances of {Definition} could not be deleted; trying again")]
    public static partial void CleanupFailed(this ILogger logger, string definition, Exception fault);

    [LoggerMessage(EventId = 763, Level = LogLevel.Warning, Message = "The stored definition {Definition} cannot be read")]
    public static partial void Unreadable(this ILogger logger, string definition, Exception fault);

    [LoggerMessage(EventId = 762, Level = LogLevel.Information, Message = "The definition {Definition} is gone, and {Deleted} instances with it")]
    public static partial void Gone(this ILogger logger, string definition, int deleted);
}
