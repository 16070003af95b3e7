using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Pilothouse.Logging;
using Pilothouse.Settings;

namespace Pilothouse.Tests.Logging;

public sealed partial class LineLoggingTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly FakeTimeProvider _time = new(new(2030, 5, 1, 12, 30, 0, TimeSpan.Zero));

    public void Dispose() => _output.Dispose();

    [Fact]
    public void A_text_line_has_level_time_component_and_message()
    {
        Hello(Log("Pilothouse.Server.Watching.Hub", LogFormat.Text), "you");
        Assert.Matches(@"^W0501 12:30:00\.000000 \d+ Hub\] Hello you\n$", _output.ToString());
    }

    [Fact]
    public void Line_breaks_of_clients_stay_within_a_line()
    {
        Hello(Log("Pilothouse.X", LogFormat.Text), "you\nI0501 forged");
        Assert.Single(_output.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_json_line_has_the_values_by_name()
    {
        Hello(Log("Pilothouse.X", LogFormat.Json), "you");
        using var line = JsonDocument.Parse(_output.ToString());
        Assert.Equal("Hello you", line.RootElement.GetProperty("msg").GetString());
        Assert.Equal("you", line.RootElement.GetProperty("whom").GetString());
        Assert.Equal("warning", line.RootElement.GetProperty("level").GetString());
    }

    [Theory]
    [InlineData("Pilothouse.X", 0, LogLevel.Information, true)]
    [InlineData("Pilothouse.X", 0, LogLevel.Debug, false)]
    [InlineData("Pilothouse.X", 3, LogLevel.Debug, true)]
    [InlineData("Pilothouse.X", 5, LogLevel.Trace, true)]
    [InlineData("Microsoft.X", 5, LogLevel.Information, false)]
    [InlineData("Microsoft.X", 0, LogLevel.Warning, true)]
    [InlineData("Microsoft.X", 6, LogLevel.Debug, true)]
    public void Verbosity_opens_levels(string category, int verbosity, LogLevel level, bool enabled)
    {
        using var logging = new LineLogging(_output, LogFormat.Text, verbosity, _time);
        Assert.Equal(enabled, logging.CreateLogger(category).IsEnabled(level));
    }

    private ILogger Log(string category, LogFormat format) => new LineLogging(_output, format, 0, _time).CreateLogger(category);

    [LoggerMessage(7, LogLevel.Warning, "Hello {Whom}")]
    private static partial void Hello(ILogger log, string whom);
}
