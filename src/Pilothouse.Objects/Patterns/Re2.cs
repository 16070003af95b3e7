using System.Text.RegularExpressions;

namespace Pilothouse.Objects;

/// <summary>
/// Regular expressions in the syntax of RE2, as Go's regexp package has it and as schemas and CEL write them, run by .NET's
/// non-backtracking engine: the time is linear in the text, whatever the pattern.
/// <para>
/// Three things cannot be said to that engine and differ: <c>\b</c> knows letters beyond ASCII; Unicode scripts
/// (<c>\p{Greek}</c>) are refused, categories are not; and a text is UTF-16, so half a surrogate pair is a character.
/// </para>
/// </summary>
public static class Re2
{
    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">In RE2's syntax.</param>
    /// <param name="regex">The expression, when there is no error.</param>
    /// <returns>Null, or Go's error text.</returns>
    public static string? TryCompile(string pattern, out Regex? regex)
    {
        regex = null;
        var translation = new Re2Translator(pattern);
        if (translation.Translate(out var text) is { } error)
            return $"error parsing regexp: {error}";
        regex = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        return null;
    }
}
