using CsCheck;

namespace Pilothouse.Objects.Tests.Patterns;

public class Re2Tests
{
    [Theory]
    [InlineData("^a$", "a", true)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("(?m)^b$", "a\nb\nc", true)]
    [InlineData("a.b", "a\nb", false)]
    [InlineData("(?s)a.b", "a\nb", true)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^..$", "😀", false)]
    [InlineData("^[😀-😎]$", "😅", true)]
    [InlineData("^[^a]$", "😅", true)]
    [InlineData(@"^\d$", "٣", false)]
    [InlineData(@"^\w+$", "é", false)]
    [InlineData(@"^\s$", "\v", false)]
    [InlineData("^[[:alpha:]]+$", "abc", true)]
    [InlineData("^[[:^alpha:]]+$", "123", true)]
    [InlineData(@"^\pL+$", "aé", true)]
    [InlineData(@"^\p{Lu}$", "a", false)]
    [InlineData(@"^\PL$", "1", true)]
    [InlineData("(?P<year>[0-9]{4})-(?<month>[0-9]{2})", "2024-05", true)]
    [InlineData(@"^\Qa.b\E$", "a.b", true)]
    [InlineData(@"^\Qa.b\E$", "axb", false)]
    [InlineData(@"^\Qab\E+$", "abbb", true)]
    [InlineData("(?i)^straße$", "STRAßE", true)]
    [InlineData("(?i)^k$", "\u212a", true)]
    [InlineData("^(?i:a)b$", "Ab", true)]
    [InlineData("^(?i:a)b$", "AB", false)]
    [InlineData("^[]a]$", "]", true)]
    [InlineData("^[a-]$", "-", true)]
    [InlineData("^a{2,3}$", "aaa", true)]
    [InlineData("^a{,3}$", "a{,3}", true)]
    [InlineData(@"^\x41\x{1F600}$", "A😀", true)]
    [InlineData(@"^\.\-\/$", ".-/", true)]
    [InlineData(@"^\061\0$", "1\0", true)]
    [InlineData(@"^[\d\-z]+$", "1-z", true)]
    [InlineData(@"(?i)^[^k]$", "K", false)]
    [InlineData(@"(?i)^[\p{Lu}]$", "a", true)]
    [InlineData(@"^\p{^L}$", "1", true)]
    [InlineData(@"^[^\pL]$", "a", false)]
    [InlineData("^#x $", "#x ", true)]
    [InlineData("", "anything", true)]
    [InlineData("^(a|)$", "", true)]
    public void It_matches_as_RE2_does(string pattern, string text, bool expected)
    {
        Assert.Null(Re2.TryCompile(pattern, out var regex));
        Assert.Equal(expected, regex!.IsMatch(text));
    }

    [Theory]
    [InlineData("[", "missing closing ]: `[`")]
    [InlineData("(", "missing closing ): `(`")]
    [InlineData("a)", "unexpected ): `a)`")]
    [InlineData("*a", "missing argument to repetition operator: `*`")]
    [InlineData("a**", "invalid nested repetition operator: `**`")]
    [InlineData("[z-a]", "invalid character class range: `z-a`")]
    [InlineData("a{2,1}", "invalid repeat count: `{2,1}`")]
    [InlineData("a{1001}", "invalid repeat count: `{1001}`")]
    [InlineData("(a{100}){100}", "invalid repeat count: `{100}`")]
    [InlineData("(?=a)", "invalid or unsupported Perl syntax: `(?=`")]
    [InlineData(@"\y", @"invalid escape sequence: `\y`")]
    [InlineData(@"(a)\1", @"invalid escape sequence: `\1`")]
    [InlineData(@"\Z", @"invalid escape sequence: `\Z`")]
    [InlineData(@"a\", "trailing backslash at end of expression: ``")]
    [InlineData(@"\p{Greek}", @"invalid character class range: `\p{Greek}`")]
    [InlineData(@"\p{Lu", @"invalid character class range: `\p{Lu`")]
    [InlineData(@"\p", @"invalid character class range: `\p`")]
    [InlineData("[[:nope:]]", "invalid character class range: `[:nope:]`")]
    [InlineData(@"[a\", "trailing backslash at end of expression: ``")]
    [InlineData("[a", "missing closing ]: `[a`")]
    [InlineData(@"\x{110000}", @"invalid escape sequence: `\x{110000}`")]
    [InlineData(@"\x4", @"invalid escape sequence: `\x4`")]
    [InlineData(@"[\8]", @"invalid escape sequence: `\8`")]
    [InlineData("(?P<n>a)(?P<n>b)", "duplicate capture group name: `n`")]
    public void It_refuses_in_Gos_words(string pattern, string expected) =>
        Assert.Equal("error parsing regexp: " + expected, Re2.TryCompile(pattern, out _));

    [Fact]
    public void Any_pattern_is_translated_or_refused()
    {
        var parts = new[] { "a", "(", ")", "[", "]", "*", "+", "?", "{2}", "{", "|", ".", "^", "$", @"\d", @"\", "-", "😀", "(?i)", "[^", ":" };
        var patterns = Gen.Select(Gen.Int[0, parts.Length - 1], i => parts[i]).Array[0, 12].Select(chosen => string.Concat(chosen));
        Check.Sample(patterns, pattern =>
        {
            if (Re2.TryCompile(pattern, out var regex) is null)
                _ = regex!.IsMatch("aab😀-");
        }, iter: 2000);
    }
}
