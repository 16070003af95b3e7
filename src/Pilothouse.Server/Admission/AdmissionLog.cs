using Microsoft.Extensions.Logging;

namespace Pilothouse.Server.Admission;

internal static partial class AdmissionLog
{
    [LoggerMessage(EventId = 800, Level = LogLevel.Warning, Message = "The webhook {Webhook} of {Configuration} cannot be called: {Reason}")]
    public static partial void UnusableWebhook(this ILogger logger, string configuration, string webhook, string reason);

    [LoggerMessage(EventId = 801, Level = LogLevel.Warning, Message = "Failed calling webhook, failing open {Webhook}: {Reason}")]
    public static partial void WebhookFailedOpen(this ILogger logger, string webhook, string reason);

    [LoggerMessage(EventId = 802, Level = LogLevel.Warning, Message = "Failed calling webhook, failing closed {Webhook}: {Reason}")]
    public static partial void WebhookFailedClosed(this ILogger logger, string webhook, string reason);

    [LoggerMessage(EventId = 803, Level = LogLevel.Warning, Message = "The image policy webhook cannot be asked; images are let in: {Reason}")]
    public static partial void ImagePolicyFailedOpen(this ILogger logger, string reason);

    [LoggerMessage(EventId = 804, Level = LogLevel.Warning, Message = "Reserved for services that are not there, given back: {What}")]
    public static partial void ReservationRepaired(this ILogger logger, string what);

    [LoggerMessage(EventId = 805, Level = LogLevel.Warning, Message = "Held by a service but not reserved, reserved now: {What}")]
    public static partial void ReservationMissing(this ILogger logger, string what);

    [LoggerMessage(EventId = 806, Level = LogLevel.Warning, Message = "The reservations of services could not be looked through; trying again later")]
    public static partial void RepairFailed(this ILogger logger, Exception fault);
}
