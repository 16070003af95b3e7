using CsCheck;

namespace Pilothouse.Objects.Tests;

public class FieldSelectorTests
{
    [Theory]
    [InlineData("metadata.name=x", "metadata.name=x")]
    [InlineData("b!=x,a==y", "a=y,b!=x")]
    [InlineData(@"metadata.name=a\=b", @"metadata.name=a\=b")]
    [InlineData(@"a=\,\\", @"a=\,\\")]
    [InlineData(",a=1,,", "a=1")]
    [InlineData("=x", "=x")]
    [InlineData("", "")]
    public void A_selector_reads_its_terms(string text, string expected) =>
        Assert.Equal(expected, FieldSelector.Parse(text).Value.ToString());

    [Theory]
    [InlineData("metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'")]
    [InlineData("metadata.name>x", "invalid selector: 'metadata.name>x'; can't understand 'metadata.name>x'")]
    [InlineData("metadata.name in (a,b)", "invalid selector: 'metadata.name in (a,b)'; can't understand 'b)'")]
    [InlineData("a=b,c", "invalid selector: 'a=b,c'; can't understand 'c'")]
    [InlineData(@"metadata.name=a\q", @"invalid field selector: invalid escape sequence: \q")]
    [InlineData(@"metadata.name=a\", @"invalid field selector: invalid escape sequence: \")]
    [InlineData("a=b=c", "invalid field selector: unescaped character in value: 61")]
    public void A_selector_that_does_not_parse_is_a_400(string text, string message)
    {
        var failure = FieldSelector.Parse(text).Failure;
        Assert.Equal((400, message), (failure?.Code, failure?.Message));
    }

    [Fact]
    public void An_escaped_value_comes_back() =>
        Gen.String.Where(value => !value.Any(char.IsSurrogate)).Sample(value =>
            Assert.Equal(value, FieldSelector.Parse("f=" + FieldSelector.Escape(value)).Value.RequiredValue("f")));
}
