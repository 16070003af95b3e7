namespace Pilothouse.Objects.Tests.Validation;

public sealed class StringFormatsTests
{
    [Theory]
    [InlineData("uri", "https://a/b#c", true)]
    [InlineData("uri", "/a", true)]
    [InlineData("uri", "a", false)]
    [InlineData("uuid", "12345678-90AB-cdef-1234-567890abcdef", true)]
    [InlineData("uuid", "1234567890abcdef1234567890abcdef", true)]
    [InlineData("uuid", "1234567890abcdef1234567890abcdef\n", false)]
    [InlineData("byte", "YQ==", true)]
    [InlineData("byte", "", false)]
    [InlineData("date", "2024-02-29", true)]
    [InlineData("date", "2023-02-29", false)]
    [InlineData("date-time", "2024-02-29T23:59:59Z", true)]
    [InlineData("date-time", "2024-02-29T24:00:00Z", false)]
    [InlineData("nothing", "x", null)]
    public void Formats_are_checked(string format, string value, bool? expected) => Assert.Equal(expected, StringFormats.Check(format, value));
}
