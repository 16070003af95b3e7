using System.Text;

namespace Pilothouse.Objects;

/// <summary>
/// Reads RE2's syntax and writes .NET's, flags worked in, so that no option of .NET's is on but those that are written.
/// </summary>
internal sealed class Re2Translator(string pattern)
{
    private const int DeepestNesting = 1000;
    private const int MostRepeats = 1000;

    private readonly StringBuilder _out = new();
    private readonly HashSet<string> _names = [];
    private Flags _flags;
    private int _at;
    private int _depth;
    private string? _error;

    [Flags]
    private enum Flags
    {
        None = 0,
        FoldCase = 1,
        MultiLine = 2,
        DotNewLine = 4,
        NonGreedy = 8,
    }

    /// <summary>Translates the whole pattern.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public string? Translate(out string text)
    {
        Alternatives();
        if (_error is null && _at < pattern.Length)
            Fail("unexpected )", pattern);
        text = _out.ToString();
        return _error;
    }

    private bool More => _error is null && _at < pattern.Length;

    private bool Has(Flags flag) => (_flags & flag) == flag;

    private void Fail(string code, string what) => _error ??= $"{code}: `{what}`";

    private int Rune(ref int at)
    {
        System.Text.Rune.DecodeFromUtf16(pattern.AsSpan(at), out var rune, out var length);
        at += Math.Max(length, 1);
        return rune.Value;
    }

    // Returns the most times that something in it repeats, which nesting multiplies.
    private int Alternatives()
    {
        if (++_depth > DeepestNesting)
        {
            Fail("expression nests too deeply", pattern);
            return 1;
        }
        var most = Sequence();
        while (More && pattern[_at] == '|')
        {
            _at++;
            _out.Append('|');
            most = Math.Max(most, Sequence());
        }
        _depth--;
        return most;
    }

    private int Sequence()
    {
        var most = 1;
        while (More && pattern[_at] is not ('|' or ')'))
        {
            if (pattern[_at] is '*' or '+' or '?' || pattern[_at] == '{' && Repeat(_at, out _, out _, out _))
            {
                Repeat(_at, out _, out _, out var length);
                Fail("missing argument to repetition operator", pattern[_at] == '{' ? pattern.Substring(_at, length) : pattern[_at..(_at + 1)]);
                return most;
            }
            var start = _out.Length;
            var dot = pattern[_at] == '.';
            var repeats = Atom(out var repeatable);
            if (repeatable)
                repeats = Repetitions(start, repeats, dot);
            most = Math.Max(most, repeats);
        }
        return most;
    }

    private int Repetitions(int start, int repeats, bool dot)
    {
        var lastOperator = -1;
        while (More && pattern[_at] is '*' or '+' or '?' or '{')
        {
            var at = _at;
            var length = 1;
            var (least, most) = pattern[at] switch { '*' => (0, -1), '+' => (1, -1), _ => (0, 1) };
            if (pattern[at] == '{')
            {
                if (!Repeat(at, out least, out most, out length))
                    return repeats;
                if (least > MostRepeats || most > MostRepeats || most >= 0 && least > most)
                {
                    Fail("invalid repeat count", pattern.Substring(at, length));
                    return repeats;
                }
            }
            _at += length;
            var lazy = More && pattern[_at] == '?';
            if (lazy)
                _at++;
            if (lastOperator >= 0)
            {
                Fail("invalid nested repetition operator", pattern[lastOperator.._at]);
                return repeats;
            }
            lastOperator = at;
            var count = Math.Max(Math.Max(least, most), 1);
            if (pattern[at] == '{')
            {
                repeats *= count;
                if (repeats > MostRepeats)
                {
                    Fail("invalid repeat count", pattern.Substring(at, length));
                    return repeats;
                }
            }
            // A dot that repeats without bounds needs no look at pairs: halves come in pairs anyway.
            if (dot && most < 0 && !lazy && !Has(Flags.NonGreedy))
            {
                _out.Length = start;
                _out.Append(Has(Flags.DotNewLine) ? @"[\s\S]" : @"[^\n]");
            }
            _out.Insert(start, "(?:").Append(')');
            _out.Append(pattern[at] == '{'
                ? most < 0 ? $"{{{least},}}" : least == most ? $"{{{least}}}" : $"{{{least},{most}}}"
                : pattern[at]);
            if (lazy != Has(Flags.NonGreedy))
                _out.Append('?');
        }
        return repeats;
    }

    // {n}, {n,} or {n,m}; anything else is a brace.
    private bool Repeat(int at, out int least, out int most, out int length)
    {
        (least, most, length) = (0, 0, 1);
        var i = at + 1;
        if (i > pattern.Length || pattern[at] != '{' || !Number(ref i, out least))
            return false;
        most = least;
        if (i < pattern.Length && pattern[i] == ',')
        {
            i++;
            if (i < pattern.Length && pattern[i] == '}')
                most = -1;
            else if (!Number(ref i, out most))
                return false;
        }
        if (i >= pattern.Length || pattern[i] != '}')
            return false;
        length = i + 1 - at;
        return true;
    }

    private bool Number(ref int at, out int number)
    {
        number = 0;
        var start = at;
        while (at < pattern.Length && char.IsAsciiDigit(pattern[at]))
            number = Math.Min(number * 10 + pattern[at++] - '0', MostRepeats + 1);
        return at > start && (at == start + 1 || pattern[start] != '0');
    }

    private int Atom(out bool repeatable)
    {
        repeatable = true;
        switch (pattern[_at])
        {
            case '(':
                return Group(out repeatable);
            case '[':
                Class();
                return 1;
            case '.':
                _at++;
                (Has(Flags.DotNewLine) ? Re2Class.Any : Re2Class.AnyButNewLine).WriteTo(_out);
                return 1;
            case '^':
                _at++;
                _out.Append(Has(Flags.MultiLine) ? "(?m:^)" : "^");
                return 1;
            case '$':
                _at++;
                _out.Append(Has(Flags.MultiLine) ? "(?m:$)" : @"\z");
                return 1;
            case '\\':
                Escape(out repeatable);
                return 1;
            default:
                Literal(Rune(ref _at));
                return 1;
        }
    }

    private int Group(out bool repeatable)
    {
        repeatable = true;
        var outer = _flags;
        if (_at + 1 < pattern.Length && pattern[_at + 1] == '?')
        {
            if (!GroupKind(out var flagsOnly))
                return 1;
            if (flagsOnly)
            {
                repeatable = false;
                return 1;
            }
        }
        else
            _at++;
        _out.Append("(?:");
        var most = Alternatives();
        if (_error is null)
        {
            if (_at >= pattern.Length)
                Fail("missing closing )", pattern);
            else
                _at++;
        }
        _out.Append(')');
        _flags = outer;
        return most;
    }

    // What follows "(?"; afterwards the group's content is next.
    private bool GroupKind(out bool flagsOnly)
    {
        flagsOnly = false;
        var start = _at;
        var named = pattern.AsSpan(_at).StartsWith("(?P<") ? 4 : 0;
        if (pattern.AsSpan(_at).StartsWith("(?<") && !pattern.AsSpan(_at).StartsWith("(?<=") && !pattern.AsSpan(_at).StartsWith("(?<!"))
            named = 3;
        if (named > 0)
        {
            var end = pattern.IndexOf('>', _at);
            if (end < 0)
            {
                Fail("invalid named capture", pattern[_at..]);
                return false;
            }
            var name = pattern[(_at + named)..end];
            if (name.Length == 0 || name.Any(c => c != '_' && !char.IsAsciiLetterOrDigit(c)))
            {
                Fail("invalid named capture", pattern[_at..(end + 1)]);
                return false;
            }
            if (!_names.Add(name))
            {
                Fail("duplicate capture group name", name);
                return false;
            }
            _at = end + 1;
            return true;
        }
        var flags = _flags;
        var negative = false;
        var any = false;
        for (_at += 2; _at < pattern.Length; _at++)
        {
            var c = pattern[_at];
            var flag = c switch
            {
                'i' => Flags.FoldCase,
                'm' => Flags.MultiLine,
                's' => Flags.DotNewLine,
                'U' => Flags.NonGreedy,
                _ => Flags.None,
            };
            if (flag != Flags.None)
            {
                flags = negative ? flags & ~flag : flags | flag;
                any = true;
            }
            else if (c == '-' && !negative)
            {
                negative = true;
                any = false;
            }
            else if (c is ':' or ')' && (any || !negative))
            {
                _at++;
                _flags = flags;
                flagsOnly = c == ')';
                return true;
            }
            else
                break;
        }
        if (_at >= pattern.Length)
            Fail("missing closing )", pattern);
        else
            Fail("invalid or unsupported Perl syntax", pattern[start..(_at + 1)]);
        return false;
    }

    private void Literal(int rune)
    {
        var set = Re2Class.Of(rune, rune);
        (Has(Flags.FoldCase) ? set.Folded() : set).WriteTo(_out);
    }

    private void Escape(out bool repeatable)
    {
        repeatable = true;
        if (_at + 1 >= pattern.Length)
        {
            Fail("trailing backslash at end of expression", "");
            return;
        }
        var c = pattern[_at + 1];
        switch (c)
        {
            case 'A' or 'z' or 'b' or 'B':
                _at += 2;
                _out.Append('\\').Append(c);
                return;
            case 'Q':
                Quoted();
                repeatable = false;
                return;
        }
        if (Re2Class.Perl(c) is { } perl)
        {
            _at += 2;
            perl.WriteTo(_out);
            return;
        }
        if (c is 'p' or 'P')
        {
            if (Unicode(ref _at) is { } unicode)
                unicode.WriteTo(_out);
            return;
        }
        var rune = EscapedRune(ref _at);
        if (_error is null)
            Literal(rune);
    }

    // Everything up to \E is itself; an operator after it repeats the last character.
    private void Quoted()
    {
        var end = pattern.IndexOf(@"\E", _at + 2, StringComparison.Ordinal);
        var stop = end < 0 ? pattern.Length : end;
        var last = _out.Length;
        _at += 2;
        while (_at < stop)
        {
            last = _out.Length;
            Literal(Rune(ref _at));
        }
        _at = end < 0 ? pattern.Length : end + 2;
        if (last < _out.Length)
            Repetitions(last, 1, dot: false);
    }

    private Re2Class? Unicode(ref int at)
    {
        var start = at;
        var negate = pattern[at + 1] == 'P';
        at += 2;
        string name;
        if (at < pattern.Length && pattern[at] == '{')
        {
            var end = pattern.IndexOf('}', at);
            if (end < 0)
            {
                Fail("invalid character class range", pattern[start..]);
                return null;
            }
            name = pattern[(at + 1)..end];
            at = end + 1;
        }
        else if (at < pattern.Length)
            name = pattern[at..++at];
        else
        {
            Fail("invalid character class range", pattern[start..]);
            return null;
        }
        if (name.StartsWith('^'))
        {
            negate = !negate;
            name = name[1..];
        }
        var set = Re2Class.Unicode(name);
        if (set is null)
        {
            Fail("invalid character class range", pattern[start..at]);
            return null;
        }
        if (Has(Flags.FoldCase))
            set = set.Folded();
        return negate ? set.Negated() : set;
    }

    private int EscapedRune(ref int at)
    {
        var start = at++;
        var rune = Rune(ref at);
        switch (rune)
        {
            case >= '1' and <= '7' when at >= pattern.Length || pattern[at] is < '0' or > '7':
                break;
            case >= '0' and <= '7':
                var octal = rune - '0';
                for (var i = 1; i < 3 && at < pattern.Length && pattern[at] is >= '0' and <= '7'; i++)
                    octal = octal * 8 + pattern[at++] - '0';
                return octal;
            case 'x':
                if (at < pattern.Length && pattern[at] == '{')
                {
                    var end = pattern.IndexOf('}', at);
                    if (end > at + 1 && int.TryParse(pattern.AsSpan(at + 1, end - at - 1),
                        System.Globalization.NumberStyles.AllowHexSpecifier, null, out var wide) && wide is >= 0 and <= 0x10ffff)
                    {
                        at = end + 1;
                        return wide;
                    }
                    at = end < 0 ? pattern.Length : end + 1;
                    break;
                }
                if (at + 1 < pattern.Length && char.IsAsciiHexDigit(pattern[at]) && char.IsAsciiHexDigit(pattern[at + 1]))
                {
                    at += 2;
                    return Convert.ToInt32(pattern[(at - 2)..at], 16);
                }
                at = Math.Min(at + 1, pattern.Length);
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
        Fail("invalid escape sequence", pattern[start..at]);
        return 0;
    }

    private void Class()
    {
        var start = _at++;
        var negate = _at < pattern.Length && pattern[_at] == '^';
        if (negate)
            _at++;
        var set = Re2Class.Empty;
        for (var first = true; ; first = false)
        {
            if (_at >= pattern.Length)
            {
                Fail("missing closing ]", pattern[start..]);
                return;
            }
            if (pattern[_at] == ']' && !first)
                break;
            var from = _at;
            if (ClassPart() is { } part)
            {
                set = set.Union(part);
                continue;
            }
            if (_error is not null)
                return;
            var low = ClassRune();
            var high = low;
            if (_at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] != ']')
            {
                _at++;
                high = ClassRune();
                if (_error is null && high < low)
                    Fail("invalid character class range", pattern[from.._at]);
            }
            if (_error is not null)
                return;
            set = set.Union(Re2Class.Of(low, high));
        }
        _at++;
        if (Has(Flags.FoldCase))
            set = set.Folded();
        (negate ? set.Negated() : set).WriteTo(_out);
    }

    // A named part of a class, or null when a character is next.
    private Re2Class? ClassPart()
    {
        if (pattern.AsSpan(_at).StartsWith("[:"))
        {
            var end = pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal);
            if (end >= 0)
            {
                var name = pattern[(_at + 2)..end];
                var negate = name.StartsWith('^');
                if (Re2Class.Posix(negate ? name[1..] : name) is not { } posix)
                {
                    Fail("invalid character class range", pattern[_at..(end + 2)]);
                    return null;
                }
                _at = end + 2;
                return negate ? posix.Negated() : posix;
            }
        }
        if (pattern[_at] != '\\' || _at + 1 >= pattern.Length)
            return null;
        if (Re2Class.Perl(pattern[_at + 1]) is { } perl)
        {
            _at += 2;
            return perl;
        }
        return pattern[_at + 1] is 'p' or 'P' ? Unicode(ref _at) : null;
    }

    private int ClassRune()
    {
        if (_at >= pattern.Length)
        {
            Fail("missing closing ]", pattern);
            return 0;
        }
        if (pattern[_at] != '\\')
            return Rune(ref _at);
        if (_at + 1 >= pattern.Length)
        {
            Fail("trailing backslash at end of expression", "");
            return 0;
        }
        return EscapedRune(ref _at);
    }
}
