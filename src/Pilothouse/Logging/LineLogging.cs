using Microsoft.Extensions.Logging;
using Pilothouse.Settings;

namespace Pilothouse.Logging;

/// <summary>
/// Log lines on standard error, in the shape of Kubernetes' own logs: as text, or as JSON with every value under its name.
/// </summary>
/// <remarks>
/// Levels by <c>-v</c>: faults, warnings and milestones always, details from 3, everything from 5. Of the libraries below us only warnings
/// and faults, until 6.
/// </remarks>
internal sealed class LineLogging : ILoggerFactory
{
    private const string Ours = "Pilothouse";

    private readonly TextWriter _output;
    private readonly LogFormat _format;
    private readonly int _verbosity;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    public LineLogging(TextWriter output, LogFormat format, int verbosity, TimeProvider time)
    {
        _output = output;
        _format = format;
        _verbosity = verbosity;
        _time = time;
    }

    public ILogger CreateLogger(string categoryName)
    {
        var ours = categoryName.StartsWith(Ours, StringComparison.Ordinal);
        var level = ours
            ? _verbosity switch { >= 5 => LogLevel.Trace, >= 3 => LogLevel.Debug, _ => LogLevel.Information }
            : _verbosity switch { >= 8 => LogLevel.Trace, >= 6 => LogLevel.Debug, _ => LogLevel.Warning };
        return new LineLogger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..], level, _format, _time);
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("there is one place for log lines");

    public void Dispose() => _output.Flush();

    internal void Write(string line)
    {
        lock (_gate)
        {
            _output.WriteLine(line);
            _output.Flush();
        }
    }
}
