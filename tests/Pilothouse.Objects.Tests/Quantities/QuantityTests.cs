using CsCheck;

namespace Pilothouse.Objects.Tests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("0.5", "500m")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("100Mi", "100Mi")]
    [InlineData("1000m", "1")]
    [InlineData("1000", "1k")]
    [InlineData("100m", "100m")]
    [InlineData("1e3", "1e3")]
    [InlineData("1000e3", "1e6")]
    [InlineData("12345", "12345")]
    [InlineData("0.0000000001", "1n")]
    [InlineData("0.5Mi", "512Ki")]
    [InlineData("0.5Ki", "512")]
    [InlineData("1023Ki", "1023Ki")]
    [InlineData("1536", "1536")]
    [InlineData("-5", "-5")]
    [InlineData("+5", "+5")]
    [InlineData("0.1Ki", "102400m")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9Ei", "9223372036854775807")]
    [InlineData("1E", "1E")]
    [InlineData("1000E", "1e21")]
    [InlineData("1000000000000000000000", "1e21")]
    [InlineData("m", "0")]
    public void The_canonical_form_is_Gos(string text, string canonical) => Assert.Equal(canonical, Quantity.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("lots")]
    [InlineData("1.2.3")]
    [InlineData("1 Gi")]
    [InlineData("٣")]
    public void What_is_no_quantity_breaks_the_regular_expression(string text) =>
        Assert.Equal("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'", Quantity.TryParse(text, out _));

    [Theory]
    [InlineData("1Kii")]
    [InlineData("1K")]
    [InlineData("1mm")]
    public void A_wrong_suffix_is_named_as_such(string text) =>
        Assert.Equal("unable to parse quantity's suffix", Quantity.TryParse(text, out _));

    [Fact]
    public void Values_are_rounded_away_from_zero()
    {
        Assert.Equal(2, Quantity.Parse("1100m").Value);
        Assert.Equal(1100, Quantity.Parse("1.0999").MilliValue);
        Assert.Equal("-2", Quantity.Parse("-1.1").RoundUpTo(0).ToString());
        Assert.Equal("1m", Quantity.Parse("1u").RoundUpTo(-3).ToString());
        Assert.Equal(long.MaxValue, Quantity.Parse("1e30").Value);
        Assert.False(Quantity.Parse("0.5").IsInteger);
    }

    [Fact]
    public void Huge_exponents_cost_nothing()
    {
        Assert.True(Quantity.Parse("1e900000") > Quantity.Parse("1Ei"));
        Assert.Equal("1e-9", Quantity.Parse("1e-900000").ToString());
        Assert.Equal(Quantity.Parse("1e900000"), Quantity.Parse("1e900000") + Quantity.Parse("1"));
        Assert.NotNull(Quantity.TryParse("1e99999999999", out _));
    }

    private static readonly Gen<Quantity> Any = Gen.Select(
        Gen.Decimal[-1_000_000m, 1_000_000m].Select(d => Math.Round(d, 6)),
        Gen.OneOf(new[] { "", "m", "k", "M", "Ki", "Mi", "e3", "e-3" }.Select(s => Gen.Const(s)).ToArray()),
        (number, suffix) => Quantity.Parse(number.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture) + suffix));

    [Fact]
    public void The_canonical_form_reads_back_as_the_same_value() =>
        Any.Sample(q =>
        {
            var read = Quantity.Parse(q.ToString());
            Assert.True(read == q, q.ToString());
            // As in Go: 62.5Ki is written 64000, and that 64k.
            Assert.Equal(read.ToString(), Quantity.Parse(read.ToString()).ToString());
        });

    [Fact]
    public void Sums_and_differences_are_exact() => Gen.Select(Any, Any).Sample((a, b) =>
    {
        Assert.Equal(a, a + b - b);
        Assert.Equal(a + b, b + a);
        Assert.Equal(a.CompareTo(b), (a - b).Sign);
        Assert.Equal(a == b, a.GetHashCode() == b.GetHashCode() && a.Equals(b));
    });
}
