using Microsoft.Extensions.Logging;

namespace Pilothouse.Server.CustomResources;

internal static partial class CustomResourceLog
{
    [LoggerMessage(2801, LogLevel.Information, "Custom resources served now: {Count}.")]
    public static partial void Served(ILogger logger, int count);

    [LoggerMessage(2802, LogLevel.Error, "The definition {Definition} cannot be served.")]
    public static partial void Unservable(ILogger logger, string definition, Exception exception);

    [LoggerMessage(2803, LogLevel.Warning, "Custom resources could not be taken up; next attempt in {Pause} ms.")]
    public static partial void NotTakenUp(ILogger logger, long pause, Exception exception);
}
