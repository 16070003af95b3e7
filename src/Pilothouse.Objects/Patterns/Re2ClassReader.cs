using System.Globalization;

namespace Pilothouse.Objects;

/// <summary>Reads what stands for one character in RE2's syntax: classes in brackets, classes of Unicode, escapes.</summary>
internal static class Re2ClassReader
{
    private const string BadRange = "invalid character class range";

    /// <summary>A class in brackets.</summary>
    /// <returns>Null after an error.</returns>
    public static Re2Class? Class(Re2Cursor cursor, bool foldCase)
    {
        var pattern = cursor.Pattern;
        var start = cursor.At++;
        var negate = cursor.More && pattern[cursor.At] == '^';
        if (negate)
            cursor.At++;
        var set = Re2Class.Empty;
        for (var first = true; ; first = false)
        {
            if (cursor.At >= pattern.Length)
            {
                cursor.Fail("missing closing ]", pattern[start..]);
                return null;
            }
            if (pattern[cursor.At] == ']' && !first)
                break;
            if (Named(cursor, foldCase) is { } named)
                set = set.Union(named);
            else if (cursor.Error is null && Range(cursor) is { } range)
                set = set.Union(range);
            else
                return null;
        }
        cursor.At++;
        if (foldCase)
            set = set.Folded();
        return negate ? set.Negated() : set;
    }

    /// <summary><c>\pL</c>, <c>\P{Greek}</c> and their like.</summary>
    /// <returns>Null after an error.</returns>
    public static Re2Class? Unicode(Re2Cursor cursor, bool foldCase)
    {
        var pattern = cursor.Pattern;
        var start = cursor.At;
        var negate = pattern[start + 1] == 'P';
        cursor.At += 2;
        var end = !cursor.More ? -1 : pattern[cursor.At] == '{' ? pattern.IndexOf('}', cursor.At) : cursor.At;
        if (end < 0)
        {
            cursor.Fail(BadRange, pattern[start..]);
            return null;
        }
        var name = end > cursor.At ? pattern[(cursor.At + 1)..end] : pattern[end..(end + 1)];
        cursor.At = end + 1;
        if (name.StartsWith('^'))
        {
            negate = !negate;
            name = name[1..];
        }
        if (Re2Class.Unicode(name) is not { } set)
        {
            cursor.Fail(BadRange, pattern[start..cursor.At]);
            return null;
        }
        if (foldCase)
            set = set.Folded();
        return negate ? set.Negated() : set;
    }

    /// <summary>The code point that an escape stands for.</summary>
    public static int EscapedRune(Re2Cursor cursor)
    {
        var pattern = cursor.Pattern;
        var start = cursor.At++;
        var rune = cursor.Rune();
        switch (rune)
        {
            case >= '1' and <= '7' when !IsOctal(cursor):
                break;
            case >= '0' and <= '7':
                var octal = rune - '0';
                for (var i = 1; i < 3 && IsOctal(cursor); i++)
                    octal = octal * 8 + pattern[cursor.At++] - '0';
                return octal;
            case 'x':
                if (Hexadecimal(cursor) is { } wide)
                    return wide;
                break;
            case 'a': return '\a';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'v': return '\v';
            default:
                if (rune < 0x80 && !char.IsAsciiLetterOrDigit((char)rune))
                    return rune;
                break;
        }
        cursor.Fail("invalid escape sequence", pattern[start..cursor.At]);
        return 0;
    }

    private static bool IsOctal(Re2Cursor cursor) => cursor.More && cursor.Pattern[cursor.At] is >= '0' and <= '7';

    // What follows \x: two digits, or some in braces.
    private static int? Hexadecimal(Re2Cursor cursor)
    {
        var (pattern, at) = (cursor.Pattern, cursor.At);
        if (cursor.More && pattern[at] == '{')
        {
            var end = pattern.IndexOf('}', at);
            cursor.At = end < 0 ? pattern.Length : end + 1;
            return end > at + 1
                && int.TryParse(pattern.AsSpan(at + 1, end - at - 1), NumberStyles.AllowHexSpecifier, null, out var wide)
                && wide is >= 0 and <= 0x10ffff ? wide : null;
        }
        if (at + 1 < pattern.Length && char.IsAsciiHexDigit(pattern[at]) && char.IsAsciiHexDigit(pattern[at + 1]))
        {
            cursor.At += 2;
            return Convert.ToInt32(pattern[at..cursor.At], 16);
        }
        cursor.At = Math.Min(at + 1, pattern.Length);
        return null;
    }

    // A named part of a class, or null when a character is next.
    private static Re2Class? Named(Re2Cursor cursor, bool foldCase)
    {
        var (pattern, at) = (cursor.Pattern, cursor.At);
        if (pattern.AsSpan(at).StartsWith("[:"))
        {
            var end = pattern.IndexOf(":]", at + 2, StringComparison.Ordinal);
            if (end >= 0)
            {
                var name = pattern[(at + 2)..end];
                var negate = name.StartsWith('^');
                if (Re2Class.Posix(negate ? name[1..] : name) is not { } posix)
                {
                    cursor.Fail(BadRange, pattern[at..(end + 2)]);
                    return null;
                }
                cursor.At = end + 2;
                return negate ? posix.Negated() : posix;
            }
        }
        if (pattern[at] != '\\' || at + 1 >= pattern.Length)
            return null;
        if (Re2Class.Perl(pattern[at + 1]) is { } perl)
        {
            cursor.At += 2;
            return perl;
        }
        return pattern[at + 1] is 'p' or 'P' ? Unicode(cursor, foldCase) : null;
    }

    // A character, or two with a dash between them; null after an error.
    private static Re2Class? Range(Re2Cursor cursor)
    {
        var (pattern, start) = (cursor.Pattern, cursor.At);
        var low = ClassRune(cursor);
        var high = low;
        if (cursor.At + 1 < pattern.Length && pattern[cursor.At] == '-' && pattern[cursor.At + 1] != ']')
        {
            cursor.At++;
            high = ClassRune(cursor);
            if (high < low)
                cursor.Fail(BadRange, pattern[start..cursor.At]);
        }
        return cursor.Error is null ? Re2Class.Of(low, high) : null;
    }

    private static int ClassRune(Re2Cursor cursor)
    {
        var pattern = cursor.Pattern;
        if (pattern[cursor.At] != '\\')
            return cursor.Rune();
        if (cursor.At + 1 < pattern.Length)
            return EscapedRune(cursor);
        cursor.Fail("trailing backslash at end of expression", "");
        return 0;
    }
}
