using System.Text;

namespace Pilothouse.Objects;

/// <summary>
/// Reads RE2's syntax and writes .NET's, flags worked in, so that no option of .NET's is on but those that are written.
/// </summary>
internal sealed class Re2Translator(string pattern)
{
    private const int DeepestNesting = 1000;
    private const int MostRepeats = 1000;

    private readonly Re2Cursor _cursor = new(pattern);
    private readonly StringBuilder _out = new();
    private readonly HashSet<string> _names = [];
    private Flags _flags;
    private int _depth;

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
        if (_cursor.Error is null && _cursor.At < pattern.Length)
            _cursor.Fail("unexpected )", pattern);
        text = _out.ToString();
        return _cursor.Error;
    }

    private bool Has(Flags flag) => (_flags & flag) == flag;

    // Returns the most times that something in it repeats, which nesting multiplies.
    private int Alternatives()
    {
        if (++_depth > DeepestNesting)
        {
            _cursor.Fail("expression nests too deeply", pattern);
            return 1;
        }
        var most = Sequence();
        while (_cursor.More && pattern[_cursor.At] == '|')
        {
            _cursor.At++;
            _out.Append('|');
            most = Math.Max(most, Sequence());
        }
        _depth--;
        return most;
    }

    private int Sequence()
    {
        var most = 1;
        while (_cursor.More && pattern[_cursor.At] is not ('|' or ')'))
        {
            if (pattern[_cursor.At] is '*' or '+' or '?' || pattern[_cursor.At] == '{' && Repeat(_cursor.At, out _, out _, out _))
            {
                Repeat(_cursor.At, out _, out _, out var length);
                _cursor.Fail("missing argument to repetition operator", pattern[_cursor.At] == '{' ? pattern.Substring(_cursor.At, length) : pattern[_cursor.At..(_cursor.At + 1)]);
                return most;
            }
            var start = _out.Length;
            var dot = pattern[_cursor.At] == '.';
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
        while (_cursor.More && pattern[_cursor.At] is '*' or '+' or '?' or '{')
        {
            var at = _cursor.At;
            var length = 1;
            var (least, most) = pattern[at] switch { '*' => (0, -1), '+' => (1, -1), _ => (0, 1) };
            if (pattern[at] == '{')
            {
                if (!Repeat(at, out least, out most, out length))
                    return repeats;
                if (least > MostRepeats || most > MostRepeats || most >= 0 && least > most)
                {
                    _cursor.Fail("invalid repeat count", pattern.Substring(at, length));
                    return repeats;
                }
            }
            _cursor.At += length;
            var lazy = _cursor.More && pattern[_cursor.At] == '?';
            if (lazy)
                _cursor.At++;
            if (lastOperator >= 0)
            {
                _cursor.Fail("invalid nested repetition operator", pattern[lastOperator.._cursor.At]);
                return repeats;
            }
            lastOperator = at;
            var count = Math.Max(Math.Max(least, most), 1);
            if (pattern[at] == '{')
            {
                repeats *= count;
                if (repeats > MostRepeats)
                {
                    _cursor.Fail("invalid repeat count", pattern.Substring(at, length));
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
        switch (pattern[_cursor.At])
        {
            case '(':
                return Group(out repeatable);
            case '[':
                Re2ClassReader.Class(_cursor, Has(Flags.FoldCase))?.WriteTo(_out);
                return 1;
            case '.':
                _cursor.At++;
                (Has(Flags.DotNewLine) ? Re2Class.Any : Re2Class.AnyButNewLine).WriteTo(_out);
                return 1;
            case '^':
                _cursor.At++;
                _out.Append(Has(Flags.MultiLine) ? "(?m:^)" : "^");
                return 1;
            case '$':
                _cursor.At++;
                _out.Append(Has(Flags.MultiLine) ? "(?m:$)" : @"\z");
                return 1;
            case '\\':
                Escape(out repeatable);
                return 1;
            default:
                Literal(_cursor.Rune());
                return 1;
        }
    }

    private int Group(out bool repeatable)
    {
        repeatable = true;
        var outer = _flags;
        if (_cursor.At + 1 < pattern.Length && pattern[_cursor.At + 1] == '?')
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
            _cursor.At++;
        _out.Append("(?:");
        var most = Alternatives();
        if (_cursor.Error is null)
        {
            if (_cursor.At >= pattern.Length)
                _cursor.Fail("missing closing )", pattern);
            else
                _cursor.At++;
        }
        _out.Append(')');
        _flags = outer;
        return most;
    }

    // What follows "(?"; afterwards the group's content is next.
    private bool GroupKind(out bool flagsOnly)
    {
        flagsOnly = false;
        var start = _cursor.At;
        var named = pattern.AsSpan(_cursor.At).StartsWith("(?P<") ? 4 : 0;
        if (pattern.AsSpan(_cursor.At).StartsWith("(?<") && !pattern.AsSpan(_cursor.At).StartsWith("(?<=") && !pattern.AsSpan(_cursor.At).StartsWith("(?<!"))
            named = 3;
        if (named > 0)
        {
            var end = pattern.IndexOf('>', _cursor.At);
            if (end < 0)
            {
                _cursor.Fail("invalid named capture", pattern[_cursor.At..]);
                return false;
            }
            var name = pattern[(_cursor.At + named)..end];
            if (name.Length == 0 || name.Any(c => c != '_' && !char.IsAsciiLetterOrDigit(c)))
            {
                _cursor.Fail("invalid named capture", pattern[_cursor.At..(end + 1)]);
                return false;
            }
            if (!_names.Add(name))
            {
                _cursor.Fail("duplicate capture group name", name);
                return false;
            }
            _cursor.At = end + 1;
            return true;
        }
        var flags = _flags;
        var negative = false;
        var any = false;
        for (_cursor.At += 2; _cursor.At < pattern.Length; _cursor.At++)
        {
            var c = pattern[_cursor.At];
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
                _cursor.At++;
                _flags = flags;
                flagsOnly = c == ')';
                return true;
            }
            else
                break;
        }
        if (_cursor.At >= pattern.Length)
            _cursor.Fail("missing closing )", pattern);
        else
            _cursor.Fail("invalid or unsupported Perl syntax", pattern[start..(_cursor.At + 1)]);
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
        if (_cursor.At + 1 >= pattern.Length)
        {
            _cursor.Fail("trailing backslash at end of expression", "");
            return;
        }
        var c = pattern[_cursor.At + 1];
        switch (c)
        {
            case 'A' or 'z' or 'b' or 'B':
                _cursor.At += 2;
                _out.Append('\\').Append(c);
                return;
            case 'Q':
                Quoted();
                repeatable = false;
                return;
        }
        if (Re2Class.Perl(c) is { } perl)
        {
            _cursor.At += 2;
            perl.WriteTo(_out);
            return;
        }
        if (c is 'p' or 'P')
        {
            Re2ClassReader.Unicode(_cursor, Has(Flags.FoldCase))?.WriteTo(_out);
            return;
        }
        var rune = Re2ClassReader.EscapedRune(_cursor);
        if (_cursor.Error is null)
            Literal(rune);
    }

    // Everything up to \E is itself; an operator after it repeats the last character.
    private void Quoted()
    {
        var end = pattern.IndexOf(@"\E", _cursor.At + 2, StringComparison.Ordinal);
        var stop = end < 0 ? pattern.Length : end;
        var last = _out.Length;
        _cursor.At += 2;
        while (_cursor.At < stop)
        {
            last = _out.Length;
            Literal(_cursor.Rune());
        }
        _cursor.At = end < 0 ? pattern.Length : end + 2;
        if (last < _out.Length)
            Repetitions(last, 1, dot: false);
    }
}
