using System.Text;

namespace Pilothouse.Objects.Tests.Errors;

public sealed class GoTextTests
{
    [Theory]
    [InlineData('a', true)]
    [InlineData(' ', true)]
    [InlineData('é', true)]
    [InlineData('\u0301', true)]
    [InlineData('\u00a0', false)]
    [InlineData('\u2028', false)]
    [InlineData('\u200b', false)]
    [InlineData('\ue000', false)]
    [InlineData('\n', false)]
    [InlineData('\u0085', false)]
    public void Only_one_blank_is_printable(char character, bool expected) => Assert.Equal(expected, GoText.IsPrint(new Rune(character)));
}
