using System.Globalization;

namespace Pilothouse.Server.Requests;

/// <summary>
/// Says what is wrong with JSON in the words of Go's decoder, which clients see in refusals. Bytes it finds nothing wrong with
/// are well-formed; it allocates only for an error.
/// </summary>
internal static class JsonSyntax
{
    /// <summary>Deeper values are refused. Go goes ten times as deep; our trees are walked recursively.</summary>
    private const int MaxDepth = 1000;
    private const string EndOfInput = "unexpected end of JSON input";

    /// <summary>The first error; null for well-formed JSON.</summary>
    public static string? FindError(ReadOnlySpan<byte> json)
    {
        var scanner = new Scanner(json);
        return scanner.Run();
    }

    private ref struct Scanner(ReadOnlySpan<byte> json)
    {
        private readonly ReadOnlySpan<byte> _json = json;
        private int _at;

        /// <summary>One value, and nothing behind it. Containers are kept on a bit stack: no recursion, however deep.</summary>
        public string? Run()
        {
            var stack = new Stack<bool>();
            var state = Expect.Value;
            while (true)
            {
                SkipSpace();
                if (_at >= _json.Length)
                    return state == Expect.Nothing ? null : EndOfInput;
                var c = _json[_at];
                string? error = null;
                switch (state)
                {
                    case Expect.Nothing:
                        return Bad(c, "after top-level value");
                    case Expect.KeyOrEnd or Expect.Key:
                        if (c == '}' && state == Expect.KeyOrEnd)
                        {
                            _at++;
                            stack.Pop();
                            state = After(stack);
                            break;
                        }
                        if (c != '"')
                            return Bad(c, "looking for beginning of object key string");
                        error = SkipString();
                        state = Expect.Colon;
                        break;
                    case Expect.Colon:
                        if (c != ':')
                            return Bad(c, "after object key");
                        _at++;
                        state = Expect.Value;
                        break;
                    case Expect.CommaOrEndOfObject:
                        if (c is not ((byte)',' or (byte)'}'))
                            return Bad(c, "after object key:value pair");
                        _at++;
                        if (c == '}')
                            stack.Pop();
                        state = c == ',' ? Expect.Key : After(stack);
                        break;
                    case Expect.CommaOrEndOfArray:
                        if (c is not ((byte)',' or (byte)']'))
                            return Bad(c, "after array element");
                        _at++;
                        if (c == ']')
                            stack.Pop();
                        state = c == ',' ? Expect.Value : After(stack);
                        break;
                    case Expect.ValueOrEnd when c == ']':
                        _at++;
                        stack.Pop();
                        state = After(stack);
                        break;
                    default:
                        if (c is (byte)'{' or (byte)'[')
                        {
                            _at++;
                            stack.Push(c == '{');
                            if (stack.Count > MaxDepth)
                                return "exceeded max depth";
                            state = c == '{' ? Expect.KeyOrEnd : Expect.ValueOrEnd;
                            break;
                        }
                        error = c switch
                        {
                            (byte)'"' => SkipString(),
                            (byte)'t' => SkipLiteral("true"u8, "true"),
                            (byte)'f' => SkipLiteral("false"u8, "false"),
                            (byte)'n' => SkipLiteral("null"u8, "null"),
                            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => SkipNumber(),
                            _ => Bad(c, "looking for beginning of value"),
                        };
                        state = After(stack);
                        break;
                }
                if (error is not null)
                    return error;
            }
        }

        private static Expect After(Stack<bool> stack) => stack.Count == 0 ? Expect.Nothing
            : stack.Peek() ? Expect.CommaOrEndOfObject : Expect.CommaOrEndOfArray;

        private void SkipSpace()
        {
            while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                _at++;
        }

        private string? SkipString()
        {
            for (_at++; _at < _json.Length; _at++)
            {
                var c = _json[_at];
                if (c == '"')
                {
                    _at++;
                    return null;
                }
                if (c < 0x20)
                    return Bad(c, "in string literal");
                if (c != '\\')
                    continue;
                if (++_at >= _json.Length)
                    return EndOfInput;
                c = _json[_at];
                if (c == 'u')
                {
                    for (var digit = 0; digit < 4; digit++)
                    {
                        if (++_at >= _json.Length)
                            return EndOfInput;
                        if (!char.IsAsciiHexDigit((char)_json[_at]))
                            return Bad(_json[_at], "in \\u hexadecimal character escape");
                    }
                }
                else if (!"\"\\/bfnrt"u8.Contains(c))
                {
                    return Bad(c, "in string escape code");
                }
            }
            return EndOfInput;
        }

        private string? SkipLiteral(ReadOnlySpan<byte> literal, string name)
        {
            for (var i = 1; i < literal.Length; i++)
            {
                if (++_at >= _json.Length)
                    return EndOfInput;
                if (_json[_at] != literal[i])
                    return Bad(_json[_at], $"in literal {name} (expecting '{(char)literal[i]}')");
            }
            _at++;
            return null;
        }

        private string? SkipNumber()
        {
            if (_json[_at] == '-')
            {
                if (++_at >= _json.Length)
                    return EndOfInput;
                if (!char.IsAsciiDigit((char)_json[_at]))
                    return Bad(_json[_at], "in numeric literal");
            }
            if (_json[_at] == '0')
                _at++;
            else
                SkipDigits();
            if (_at < _json.Length && _json[_at] == '.')
            {
                if (++_at >= _json.Length)
                    return EndOfInput;
                if (!char.IsAsciiDigit((char)_json[_at]))
                    return Bad(_json[_at], "after decimal point in numeric literal");
                SkipDigits();
            }
            if (_at < _json.Length && _json[_at] is (byte)'e' or (byte)'E')
            {
                _at++;
                if (_at < _json.Length && _json[_at] is (byte)'+' or (byte)'-')
                    _at++;
                if (_at >= _json.Length)
                    return EndOfInput;
                if (!char.IsAsciiDigit((char)_json[_at]))
                    return Bad(_json[_at], "in exponent of numeric literal");
                SkipDigits();
            }
            return null;
        }

        private void SkipDigits()
        {
            while (_at < _json.Length && char.IsAsciiDigit((char)_json[_at]))
                _at++;
        }

        /// <summary>Go reads byte by byte, and prints the byte as the character of that number.</summary>
        private static string Bad(byte c, string where)
        {
            var shown = c switch
            {
                (byte)'\'' => "\\'",
                (byte)'"' => "\"",
                (byte)'\\' => "\\\\",
                (byte)'\n' => "\\n",
                (byte)'\r' => "\\r",
                (byte)'\t' => "\\t",
                (byte)'\a' => "\\a",
                (byte)'\b' => "\\b",
                (byte)'\f' => "\\f",
                (byte)'\v' => "\\v",
                < 0x20 or 0x7f => "\\x" + c.ToString("x2", CultureInfo.InvariantCulture),
                (>= 0x80 and < 0xa1) or 0xad => "\\u00" + c.ToString("x2", CultureInfo.InvariantCulture),
                _ => ((char)c).ToString(),
            };
            return $"invalid character '{shown}' {where}";
        }
    }

    private enum Expect
    {
        Value,
        ValueOrEnd,
        Key,
        KeyOrEnd,
        Colon,
        CommaOrEndOfObject,
        CommaOrEndOfArray,
        Nothing,
    }
}
