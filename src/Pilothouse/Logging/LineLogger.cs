using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pilothouse.Settings;

namespace Pilothouse.Logging;

/// <summary>The log of one component.</summary>
internal sealed class LineLogger(LineLogging lines, string component, LogLevel level, LogFormat format, TimeProvider time) : ILogger
{
    private static readonly int _process = Environment.ProcessId;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= level && logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var message = formatter(state, exception);
        lines.Write(format == LogFormat.Json ? Json(logLevel, eventId, state, message, exception) : Text(logLevel, message, exception));
    }

    /// <summary><c>I1124 15:04:05.123456 4711 ApiServer] message</c>; a stack trace on further lines.</summary>
    private string Text(LogLevel logLevel, string message, Exception? exception)
    {
        var text = new StringBuilder(message.Length + 64)
            .Append(logLevel switch { >= LogLevel.Error => 'E', LogLevel.Warning => 'W', _ => 'I' })
            .Append(time.GetLocalNow().ToString("MMdd HH:mm:ss.ffffff"))
            .Append(' ').Append(_process).Append(' ').Append(component).Append("] ")
            // One message, one line, whatever clients put into paths and headers.
            .Append(message.ReplaceLineEndings("\\n"));
        if (exception is not null)
            text.Append('\n').Append(exception);
        return text.ToString();
    }

    private string Json<TState>(LogLevel logLevel, EventId eventId, TState state, string message, Exception? exception)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("ts"u8, time.GetUtcNow().ToUnixTimeMilliseconds());
            writer.WriteString("level"u8, logLevel switch { >= LogLevel.Error => "error"u8, LogLevel.Warning => "warning"u8, _ => "info"u8 });
            writer.WriteString("caller"u8, component);
            writer.WriteString("msg"u8, message);
            if (eventId.Id != 0)
                writer.WriteNumber("event"u8, eventId.Id);
            if (state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                foreach (var (name, value) in values)
                {
                    if (name != "{OriginalFormat}")
                        writer.WriteString(JsonNamingPolicy.CamelCase.ConvertName(name), value?.ToString());
                }
            }
            if (exception is not null)
                writer.WriteString("err"u8, exception.ToString());
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
