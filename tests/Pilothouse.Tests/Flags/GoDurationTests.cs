using System.Globalization;
using CsCheck;
using Pilothouse.Flags;

namespace Pilothouse.Tests.Flags;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1h30m", 5400)]
    [InlineData("1m0s", 60)]
    [InlineData("1.5s", 1.5)]
    [InlineData("-2s", -2)]
    [InlineData("500ms", 0.5)]
    [InlineData("250us", 0.00025)]
    public void Durations_are_read(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration, out _));
        Assert.Equal(seconds, duration.TotalSeconds, 9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".s")]
    [InlineData("1..5s")]
    [InlineData("99999999999999999999h")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _, out _));

    [Fact]
    public void Sums_of_units_add_up() =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 59], Gen.Int[0, 59]).Sample((h, m, s) =>
            GoDuration.TryParse(string.Create(CultureInfo.InvariantCulture, $"{h}h{m}m{s}s"), out var duration, out _)
            && duration == new TimeSpan(h, m, s));
}
