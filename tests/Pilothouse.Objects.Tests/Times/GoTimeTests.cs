using CsCheck;

namespace Pilothouse.Objects.Tests;

public sealed class GoTimeTests
{
    [Theory]
    [InlineData("yesterday", "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\"")]
    [InlineData("2026-13-01T00:00:00Z", "parsing time \"2026-13-01T00:00:00Z\": month out of range")]
    [InlineData("2026-02-29T00:00:00Z", "parsing time \"2026-02-29T00:00:00Z\": day out of range")]
    [InlineData("2026-01-01", "parsing time \"2026-01-01\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\"")]
    [InlineData("2026-01-01T00:00:00", "parsing time \"2026-01-01T00:00:00\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"Z07:00\"")]
    [InlineData("2026-01-01T00:00:00Zé", "parsing time \"2026-01-01T00:00:00Z\\xc3\\xa9\": extra text: \"\\xc3\\xa9\"")]
    [InlineData("2026-01-01T25:00:00Z", "parsing time \"2026-01-01T25:00:00Z\": hour out of range")]
    public void Errors_are_Gos(string text, string message) => Assert.Equal(message, GoTime.TryParse(text, out _));

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.123456789+02:00", "2026-01-02T01:04:05Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("2024-02-29T23:59:59-12:00", "2024-03-01T11:59:59Z")]
    public void Times_come_out_in_UTC_and_seconds(string text, string expected)
    {
        Assert.Null(GoTime.TryParse(text, out var time));
        Assert.Equal(expected, time.ToString());
        Assert.Equal(text.StartsWith("0001"), time.IsZero);
    }

    [Fact]
    public void Micro_times_have_exactly_six_digits()
    {
        Assert.Null(GoTime.TryParseMicro("2026-01-02T03:04:05.678901Z", out var time));
        Assert.Equal("2026-01-02T03:04:05.678901Z", time.ToMicroString());
        Assert.Equal(
            "parsing time \"2026-01-02T03:04:05Z\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"Z\" as \".000000\"",
            GoTime.TryParseMicro("2026-01-02T03:04:05Z", out _));
        Assert.Contains("cannot parse \"1Z\" as \"Z07:00\"", GoTime.TryParseMicro("2026-01-02T03:04:05.6789011Z", out _));
    }

    [Fact]
    public void Times_agree_with_those_of_dotnet() => Gen.DateTimeOffset.Sample(at =>
    {
        var time = GoTime.From(at);
        Assert.Equal(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"), time.ToString());
        Assert.Equal(at, time.ToDateTimeOffset());
        Assert.Null(GoTime.TryParse(time.ToString(), out var back));
        Assert.Equal(time.Seconds, back.Seconds);
    });

    [Theory]
    [InlineData("1h30m", "1h30m0s")]
    [InlineData("90s", "1m30s")]
    [InlineData("1.5s", "1.5s")]
    [InlineData("100ms", "100ms")]
    [InlineData("1500us", "1.5ms")]
    [InlineData("-2m", "-2m0s")]
    [InlineData("0", "0s")]
    [InlineData("1ns", "1ns")]
    [InlineData("100h", "100h0m0s")]
    public void Durations_are_written_as_Go_does(string text, string expected)
    {
        Assert.Null(GoDuration.TryParse(text, out long nanoseconds));
        Assert.Equal(expected, GoDuration.Format(nanoseconds));
    }

    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("5", "time: missing unit in duration \"5\"")]
    [InlineData("5x", "time: unknown unit \"x\" in duration \"5x\"")]
    [InlineData(".s", "time: invalid duration \".s\"")]
    [InlineData("9999999h", "time: invalid duration \"9999999h\"")]
    public void Wrong_durations_are_refused_in_Gos_words(string text, string message) =>
        Assert.Equal(message, GoDuration.TryParse(text, out long _));

    [Fact]
    public void Durations_read_back_the_same() => Gen.Long.Sample(nanoseconds =>
    {
        Assert.Null(GoDuration.TryParse(GoDuration.Format(nanoseconds), out long back));
        Assert.Equal(nanoseconds, back);
    });
}
