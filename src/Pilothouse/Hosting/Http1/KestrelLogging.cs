using Microsoft.Extensions.Logging;

namespace Pilothouse.Hosting.Http1;

/// <summary>
/// The logging that Kestrel is given. It says in its exceptions which bytes it refuses only when informational messages are enabled,
/// and an answer to a refused request needs to know; so this claims that they are, and drops them where they are not.
/// </summary>
internal sealed class KestrelLogging(ILoggerFactory logging) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName)
    {
        var logger = logging.CreateLogger(categoryName);
        return categoryName == "Microsoft.AspNetCore.Server.Kestrel" ? new Curious(logger) : logger;
    }

    public void AddProvider(ILoggerProvider provider) => logging.AddProvider(provider);

    public void Dispose()
    {
        // Whoever made the factory disposes it.
    }

    private sealed class Curious(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Information || logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logger.IsEnabled(logLevel))
                logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
