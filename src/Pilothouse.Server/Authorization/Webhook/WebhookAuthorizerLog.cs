using Microsoft.Extensions.Logging;

namespace Pilothouse.Server.Authorization.Webhook;

/// <summary>What is logged of authorizers that live elsewhere.</summary>
public static partial class WebhookAuthorizerLog
{
    [LoggerMessage(1, LogLevel.Error, "The webhook authorizer {Name} gave no answer: {Failure}")]
    public static partial void Failed(ILogger log, string name, string failure);

    [LoggerMessage(2, LogLevel.Information, "The authorizers of {Path} are in use")]
    public static partial void Loaded(ILogger log, string path);

    [LoggerMessage(3, LogLevel.Error, "{Path} has changed and cannot be used; the authorizers stay as they were: {Faults}")]
    public static partial void Faulty(ILogger log, string path, string faults);
}
