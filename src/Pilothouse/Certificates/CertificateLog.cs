using Microsoft.Extensions.Logging;

namespace Pilothouse.Certificates;

/// <summary>What is logged about certificates.</summary>
internal static partial class CertificateLog
{
    [LoggerMessage(1, LogLevel.Information, "Reloaded {File}")]
    public static partial void Reloaded(ILogger log, string file);

    [LoggerMessage(2, LogLevel.Warning, "Keeping the certificates in use: {Reason}")]
    public static partial void NotReloaded(ILogger log, string reason);

    [LoggerMessage(3, LogLevel.Information, "Made {What} in {Directory}, good until {Expires}")]
    public static partial void Made(ILogger log, string what, string directory, string expires);

    [LoggerMessage(4, LogLevel.Error, "Cannot renew the certificates in {Directory}")]
    public static partial void CannotRenew(ILogger log, Exception fault, string directory);

    [LoggerMessage(5, LogLevel.Information, "Made the key of service account tokens, {File}")]
    public static partial void MadeKey(ILogger log, string file);

    [LoggerMessage(6, LogLevel.Error, "Keeping the authentication configuration in use: {Reason}")]
    public static partial void ConfigurationKept(ILogger log, string reason);
}
