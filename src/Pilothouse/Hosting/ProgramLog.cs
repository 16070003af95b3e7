using Microsoft.Extensions.Logging;

namespace Pilothouse.Hosting;

/// <summary>What is logged about the program's life.</summary>
internal static partial class ProgramLog
{
    [LoggerMessage(1, LogLevel.Warning, "These flags have no effect yet: {Flags}")]
    public static partial void WithoutEffect(ILogger log, string flags);

    [LoggerMessage(2, LogLevel.Information, "Stopping: no new connections, waiting for requests to finish")]
    public static partial void Draining(ILogger log);

    [LoggerMessage(3, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger log);
}
