namespace Pilothouse.Cel;

/// <summary>
/// Cuts the source into tokens: the longest that fits, always. What is no token is reported and passed over, as far as it
/// was read.
/// </summary>
internal sealed class Lexer(CelSource source, Issues issues)
{
    private readonly int[] _points = source.Points;
    private int _at;

    public List<Token> Read()
    {
        var tokens = new List<Token>();
        while (true)
        {
            SkipBlanks();
            var start = _at;
            if (start >= _points.Length)
            {
                tokens.Add(new(TokenKind.End, start, "<EOF>"));
                return tokens;
            }
            if (Next() is { } kind)
                tokens.Add(new(kind, start, source.Slice(start, _at)));
        }
    }

    private int Peek(int ahead = 0) => _at + ahead < _points.Length ? _points[_at + ahead] : -1;

    private void SkipBlanks()
    {
        while (true)
        {
            if (Peek() is '\t' or ' ' or '\r' or '\n' or '\f')
                _at++;
            else if (Peek() == '/' && Peek(1) == '/')
            {
                while (Peek() is not (-1 or '\n'))
                    _at++;
            }
            else
                return;
        }
    }

    private TokenKind? Next()
    {
        var c = Peek();
        if (IsLetter(c))
            return Word();
        if (IsDigit(c) || c == '.' && IsDigit(Peek(1)))
            return Number();
        switch (c)
        {
            case '"' or '\'': return Text(_at, TokenKind.String);
            case '`': return EscapedName();
            case '=': return Pair('=', TokenKind.Equals, null);
            case '!': return Pair('=', TokenKind.NotEquals, TokenKind.Not);
            case '<': return Pair('=', TokenKind.LessEquals, TokenKind.Less);
            case '>': return Pair('=', TokenKind.GreaterEquals, TokenKind.Greater);
            case '&': return Pair('&', TokenKind.And, null);
            case '|': return Pair('|', TokenKind.Or, null);
        }
        TokenKind? single = c switch
        {
            '[' => TokenKind.LeftBracket,
            ']' => TokenKind.RightBracket,
            '{' => TokenKind.LeftBrace,
            '}' => TokenKind.RightBrace,
            '(' => TokenKind.LeftParen,
            ')' => TokenKind.RightParen,
            '.' => TokenKind.Dot,
            ',' => TokenKind.Comma,
            '-' => TokenKind.Minus,
            '?' => TokenKind.Question,
            ':' => TokenKind.Colon,
            '+' => TokenKind.Plus,
            '*' => TokenKind.Star,
            '/' => TokenKind.Slash,
            '%' => TokenKind.Percent,
            _ => null,
        };
        if (single is null)
            return Fail(_at, _at);
        _at++;
        return single;
    }

    private TokenKind? Pair(int second, TokenKind both, TokenKind? first)
    {
        if (Peek(1) == second)
        {
            _at += 2;
            return both;
        }
        if (first is null)
            return Fail(_at, _at + 1);
        _at++;
        return first;
    }

    // No token reaches from the start to the failing code point, which is passed over too.
    private TokenKind? Fail(int start, int failing)
    {
        issues.Add(start, $"Syntax error: token recognition error at: '{source.Slice(start, failing + 1)}'");
        _at = Math.Min(failing + 1, _points.Length);
        return null;
    }

    private TokenKind? Word()
    {
        var start = _at;
        // r"", b"", br"": prefixes of literals, unless the literal does not end, when they are names.
        var prefix = 0;
        var bytes = Peek() is 'b' or 'B';
        if (bytes)
            prefix = 1;
        if (Peek(prefix) is 'r' or 'R')
            prefix++;
        if (prefix > 0 && Peek(prefix) is '"' or '\'')
        {
            var raw = Peek(prefix - 1) is 'r' or 'R';
            if (Literal(start + prefix, raw, out _) is { } end)
            {
                _at = end;
                return bytes ? TokenKind.Bytes : TokenKind.String;
            }
        }
        while (IsLetter(Peek()) || IsDigit(Peek()))
            _at++;
        return source.Slice(start, _at) switch
        {
            "true" => TokenKind.True,
            "false" => TokenKind.False,
            "null" => TokenKind.Null,
            "in" => TokenKind.In,
            _ => TokenKind.Identifier,
        };
    }

    private TokenKind? Text(int quote, TokenKind kind)
    {
        if (Literal(quote, raw: false, out var failing) is not { } end)
            return Fail(quote, failing);
        _at = end;
        return kind;
    }

    // The end of a literal whose quote is at the given place; null when it has none.
    private int? Literal(int quoteAt, bool raw, out int failing)
    {
        var quote = _points[quoteAt];
        bool At(int place, int c) => place < _points.Length && _points[place] == c;
        if (At(quoteAt + 1, quote) && At(quoteAt + 2, quote))
        {
            var i = quoteAt + 3;
            while (i < _points.Length)
            {
                if (At(i, quote) && At(i + 1, quote) && At(i + 2, quote))
                {
                    failing = 0;
                    return i + 3;
                }
                if (!raw && _points[i] == '\\')
                {
                    var next = Escape(i, out failing);
                    if (next is null)
                        break;
                    i = next.Value;
                }
                else
                    i++;
            }
            failing = 0;
            return quoteAt + 2;
        }
        for (var i = quoteAt + 1; ;)
        {
            if (i >= _points.Length || _points[i] is '\n' or '\r')
            {
                failing = i;
                return null;
            }
            if (_points[i] == quote)
            {
                failing = 0;
                return i + 1;
            }
            if (!raw && _points[i] == '\\')
            {
                if (Escape(i, out failing) is not { } next)
                    return null;
                i = next;
            }
            else
                i++;
        }
    }

    private int? Escape(int backslash, out int failing)
    {
        failing = backslash + 1;
        if (failing >= _points.Length)
            return null;
        var digits = 0;
        switch (_points[failing])
        {
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '"' or '\'' or '\\' or '?' or '`':
                return failing + 1;
            case 'x' or 'X':
                digits = 2;
                break;
            case 'u':
                digits = 4;
                break;
            case 'U':
                digits = 8;
                break;
            case >= '0' and <= '3':
                for (var i = 0; i < 2; i++)
                {
                    if (++failing >= _points.Length || _points[failing] is < '0' or > '7')
                        return null;
                }
                return failing + 1;
            default:
                return null;
        }
        for (var i = 0; i < digits; i++)
        {
            if (++failing >= _points.Length || !IsHex(_points[failing]))
                return null;
        }
        return failing + 1;
    }

    private TokenKind? EscapedName()
    {
        var i = _at + 1;
        while (i < _points.Length && (IsLetter(_points[i]) || IsDigit(_points[i]) || _points[i] is '.' or '-' or '/' or ' '))
            i++;
        if (i >= _points.Length || _points[i] != '`' || i == _at + 1)
            return Fail(_at, i);
        _at = i + 1;
        return TokenKind.EscapedIdentifier;
    }

    private TokenKind? Number()
    {
        if (Peek() == '0' && Peek(1) == 'x' && IsHex(Peek(2)))
        {
            _at += 2;
            while (IsHex(Peek()))
                _at++;
            return Unsigned() ? TokenKind.Uint : TokenKind.Int;
        }
        while (IsDigit(Peek()))
            _at++;
        var real = false;
        if (Peek() == '.' && IsDigit(Peek(1)))
        {
            real = true;
            _at++;
            while (IsDigit(Peek()))
                _at++;
        }
        if (Peek() is 'e' or 'E' && (IsDigit(Peek(1)) || Peek(1) is '+' or '-' && IsDigit(Peek(2))))
        {
            real = true;
            _at += 2;
            while (IsDigit(Peek()))
                _at++;
        }
        return real ? TokenKind.Double : Unsigned() ? TokenKind.Uint : TokenKind.Int;
    }

    private bool Unsigned()
    {
        if (Peek() is not ('u' or 'U'))
            return false;
        _at++;
        return true;
    }

    private static bool IsLetter(int c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '_';

    private static bool IsDigit(int c) => c is >= '0' and <= '9';

    private static bool IsHex(int c) => c is >= '0' and <= '9' or >= 'a' and <= 'f' or >= 'A' and <= 'F';
}
