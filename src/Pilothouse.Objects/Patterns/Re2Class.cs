using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Pilothouse.Objects;

/// <summary>A set of code points, as sorted ranges that neither meet nor overlap.</summary>
internal sealed class Re2Class
{
    private const int LastRune = 0x10ffff;

    // Ranges wider than this are whole scripts, which hold both cases of their letters already.
    private const int WidestFolded = 0x3000;

    private static readonly ConcurrentDictionary<string, Re2Class?> Categories = new();

    private readonly (int Low, int High)[] _ranges;

    private Re2Class(IEnumerable<(int Low, int High)> ranges)
    {
        var merged = new List<(int Low, int High)>();
        foreach (var range in ranges.OrderBy(r => r.Low))
        {
            if (merged.Count > 0 && range.Low <= merged[^1].High + 1)
                merged[^1] = (merged[^1].Low, Math.Max(merged[^1].High, range.High));
            else
                merged.Add(range);
        }
        _ranges = [.. merged];
    }

    public static Re2Class Empty { get; } = new([]);

    public static Re2Class Any { get; } = Of(0, LastRune);

    public static Re2Class AnyButNewLine { get; } = Of('\n', '\n').Negated();

    private static Re2Class Digits { get; } = Of('0', '9');

    private static Re2Class Blanks { get; } = new([('\t', '\n'), ('\f', '\r'), (' ', ' ')]);

    private static Re2Class Words { get; } = new([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);

    public static Re2Class Of(int low, int high) => new([(low, high)]);

    /// <summary><c>\d</c> and its like, which are ASCII.</summary>
    public static Re2Class? Perl(char letter) => letter switch
    {
        'd' => Digits,
        'D' => Digits.Negated(),
        's' => Blanks,
        'S' => Blanks.Negated(),
        'w' => Words,
        'W' => Words.Negated(),
        _ => null,
    };

    public static Re2Class? Posix(string name) => name switch
    {
        "alnum" => new([('0', '9'), ('A', 'Z'), ('a', 'z')]),
        "alpha" => new([('A', 'Z'), ('a', 'z')]),
        "ascii" => Of(0, 0x7f),
        "blank" => new([('\t', '\t'), (' ', ' ')]),
        "cntrl" => new([(0, 0x1f), (0x7f, 0x7f)]),
        "digit" => Digits,
        "graph" => Of('!', '~'),
        "lower" => Of('a', 'z'),
        "print" => Of(' ', '~'),
        "punct" => new([('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
        "space" => new([('\t', '\r'), (' ', ' ')]),
        "upper" => Of('A', 'Z'),
        "word" => Words,
        "xdigit" => new([('0', '9'), ('A', 'F'), ('a', 'f')]),
        _ => null,
    };

    /// <summary>A general category of Unicode, like <c>L</c> or <c>Lu</c>; null for what is none.</summary>
    public static Re2Class? Unicode(string name) => name == "Any" ? Any
        : name is [>= 'A' and <= 'Z'] or [>= 'A' and <= 'Z', >= 'a' and <= 'z'] ? Categories.GetOrAdd(name, Scan) : null;

    public Re2Class Union(Re2Class other) => new([.. _ranges, .. other._ranges]);

    public Re2Class Negated()
    {
        var ranges = new List<(int, int)>();
        var next = 0;
        foreach (var (low, high) in _ranges)
        {
            if (low > next)
                ranges.Add((next, low - 1));
            next = high + 1;
        }
        if (next <= LastRune)
            ranges.Add((next, LastRune));
        return new(ranges);
    }

    /// <summary>The set with the other cases of its letters.</summary>
    public Re2Class Folded()
    {
        var ranges = new List<(int, int)>(_ranges);
        foreach (var (low, high) in _ranges)
        {
            if (high - low > WidestFolded)
                continue;
            for (var rune = low; rune <= high; rune++)
            {
                if (!Rune.IsValid(rune))
                    continue;
                var upper = Rune.ToUpperInvariant(new Rune(rune)).Value;
                var lower = Rune.ToLowerInvariant(new Rune(rune)).Value;
                ranges.Add((upper, upper));
                ranges.Add((lower, lower));
                // The two letters beyond ASCII that fold into it.
                if (rune is 'k' or 'K' or 0x212a)
                    ranges.AddRange([('k', 'k'), ('K', 'K'), (0x212a, 0x212a)]);
                if (rune is 's' or 'S' or 0x17f)
                    ranges.AddRange([('s', 's'), ('S', 'S'), (0x17f, 0x17f)]);
            }
        }
        return new(ranges);
    }

    /// <summary>Writes the set as .NET's syntax has it: beyond the basic plane as pairs of surrogates.</summary>
    public void WriteTo(StringBuilder text)
    {
        var basic = new StringBuilder();
        var pairs = new List<string>();
        foreach (var (low, high) in _ranges)
        {
            if (low <= 0xffff)
                AppendRange(basic, low, Math.Min(high, 0xffff));
            if (high > 0xffff)
                AppendPairs(pairs, Math.Max(low, 0x10000), high);
        }
        if (basic.Length == 0 && pairs.Count == 0)
        {
            text.Append(@"[^\s\S]");
            return;
        }
        if (pairs.Count == 0)
        {
            text.Append('[').Append(basic).Append(']');
            return;
        }
        if (basic.Length > 0)
            pairs.Add(Covers(0xd800, 0xdfff) ? WithoutSurrogates() : $"[{basic}]");
        text.Append("(?:").AppendJoin('|', pairs).Append(')');
    }

    private bool Covers(int low, int high) => _ranges.Any(r => r.Low <= low && r.High >= high);

    // Whole pairs were offered before: alone, a half is not to match where a pair would.
    private string WithoutSurrogates()
    {
        var basic = new StringBuilder();
        foreach (var (low, high) in _ranges)
        {
            if (low < 0xd800)
                AppendRange(basic, low, Math.Min(high, 0xd7ff));
            if (high > 0xdfff && low <= 0xffff)
                AppendRange(basic, Math.Max(low, 0xe000), Math.Min(high, 0xffff));
        }
        return basic.Length == 0 ? @"[^\s\S]" : $"[{basic}]";
    }

    private static void AppendRange(StringBuilder text, int low, int high)
    {
        text.Append($"\\u{low:x4}");
        if (high > low)
            text.Append($"-\\u{high:x4}");
    }

    private static void AppendPairs(List<string> pairs, int low, int high)
    {
        var (firstHigh, firstLow) = Split(low);
        var (lastHigh, lastLow) = Split(high);
        if (firstHigh == lastHigh)
        {
            pairs.Add(Pair(firstHigh, firstHigh, firstLow, lastLow));
            return;
        }
        if (firstLow > 0xdc00)
        {
            pairs.Add(Pair(firstHigh, firstHigh, firstLow, 0xdfff));
            firstHigh++;
        }
        var whole = lastLow < 0xdfff ? lastHigh - 1 : lastHigh;
        if (firstHigh <= whole)
            pairs.Add(Pair(firstHigh, whole, 0xdc00, 0xdfff));
        if (lastLow < 0xdfff)
            pairs.Add(Pair(lastHigh, lastHigh, 0xdc00, lastLow));
    }

    private static (int High, int Low) Split(int rune) => (0xd800 + ((rune - 0x10000) >> 10), 0xdc00 + ((rune - 0x10000) & 0x3ff));

    private static string Pair(int high1, int high2, int low1, int low2)
    {
        var text = new StringBuilder("[");
        AppendRange(text, high1, high2);
        text.Append("][");
        AppendRange(text, low1, low2);
        return text.Append(']').ToString();
    }

    private static Re2Class? Scan(string name)
    {
        bool[] wanted = new bool[32];
        var any = false;
        foreach (var category in Enum.GetValues<UnicodeCategory>())
        {
            var code = Code(category);
            wanted[(int)category] = name.Length == 1 ? code[0] == name[0] : code == name;
            any |= wanted[(int)category];
        }
        if (!any)
            return null;
        var ranges = new List<(int, int)>();
        for (var rune = 0; rune <= LastRune; rune++)
        {
            if (!wanted[(int)CharUnicodeInfo.GetUnicodeCategory(rune)])
                continue;
            var low = rune;
            while (rune < LastRune && wanted[(int)CharUnicodeInfo.GetUnicodeCategory(rune + 1)])
                rune++;
            ranges.Add((low, rune));
        }
        return new(ranges);
    }

    private static string Code(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => "Lu",
        UnicodeCategory.LowercaseLetter => "Ll",
        UnicodeCategory.TitlecaseLetter => "Lt",
        UnicodeCategory.ModifierLetter => "Lm",
        UnicodeCategory.OtherLetter => "Lo",
        UnicodeCategory.NonSpacingMark => "Mn",
        UnicodeCategory.SpacingCombiningMark => "Mc",
        UnicodeCategory.EnclosingMark => "Me",
        UnicodeCategory.DecimalDigitNumber => "Nd",
        UnicodeCategory.LetterNumber => "Nl",
        UnicodeCategory.OtherNumber => "No",
        UnicodeCategory.SpaceSeparator => "Zs",
        UnicodeCategory.LineSeparator => "Zl",
        UnicodeCategory.ParagraphSeparator => "Zp",
        UnicodeCategory.Control => "Cc",
        UnicodeCategory.Format => "Cf",
        UnicodeCategory.Surrogate => "Cs",
        UnicodeCategory.PrivateUse => "Co",
        UnicodeCategory.ConnectorPunctuation => "Pc",
        UnicodeCategory.DashPunctuation => "Pd",
        UnicodeCategory.OpenPunctuation => "Ps",
        UnicodeCategory.ClosePunctuation => "Pe",
        UnicodeCategory.InitialQuotePunctuation => "Pi",
        UnicodeCategory.FinalQuotePunctuation => "Pf",
        UnicodeCategory.OtherPunctuation => "Po",
        UnicodeCategory.MathSymbol => "Sm",
        UnicodeCategory.CurrencySymbol => "Sc",
        UnicodeCategory.ModifierSymbol => "Sk",
        UnicodeCategory.OtherSymbol => "So",
        _ => "Cn",
    };
}
