using System.Text;

namespace Pilothouse.Objects;

/// <summary>
/// JSON's grammar, for the words in which Go complains about text that breaks it, and for strings as Go reads them. Nothing here
/// recurses: depth costs a byte a level.
/// </summary>
public static class GoJson
{
    /// <summary>
    /// How deeply values may be nested. Go's decoder allows ten times that; but trees of this depth are walked by recursion.
    /// </summary>
    public const int MaxDepth = 1000;

    /// <summary>What is wrong with a text, in Go's words; null when it is one JSON value.</summary>
    public static string? Check(ReadOnlySpan<byte> json)
    {
        Span<byte> closers = stackalloc byte[MaxDepth];
        var depth = 0;
        var at = 0;

        SkipSpace(json, ref at);
    Value:
        if (at == json.Length)
            return End;
        switch (json[at])
        {
            case (byte)'{' or (byte)'[':
                if (depth == MaxDepth)
                    return Invalid(json, at, "exceeded max depth");
                var closer = (byte)(json[at] + 2);
                closers[depth++] = closer;
                at++;
                SkipSpace(json, ref at);
                if (at < json.Length && json[at] == closer)
                    goto Close;
                if (closer == '}')
                    goto Key;
                goto Value;
            case (byte)'"':
                if (String(json, ref at) is { } stringError)
                    return stringError;
                break;
            case (byte)'t':
                if (Literal(json, ref at, "true") is { } trueError)
                    return trueError;
                break;
            case (byte)'f':
                if (Literal(json, ref at, "false") is { } falseError)
                    return falseError;
                break;
            case (byte)'n':
                if (Literal(json, ref at, "null") is { } nullError)
                    return nullError;
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                if (Number(json, ref at) is { } numberError)
                    return numberError;
                break;
            default:
                return Invalid(json, at, "looking for beginning of value");
        }

    AfterValue:
        SkipSpace(json, ref at);
        if (depth == 0)
            return at == json.Length ? null : Invalid(json, at, "after top-level value");
        if (at == json.Length)
            return End;
        if (json[at] == closers[depth - 1])
            goto Close;
        var inObject = closers[depth - 1] == '}';
        if (json[at] != ',')
            return Invalid(json, at, inObject ? "after object key:value pair" : "after array element");
        at++;
        SkipSpace(json, ref at);
        if (!inObject)
            goto Value;

    Key:
        if (at == json.Length)
            return End;
        if (json[at] != '"')
            return Invalid(json, at, "looking for beginning of object key string");
        if (String(json, ref at) is { } keyError)
            return keyError;
        SkipSpace(json, ref at);
        if (at == json.Length)
            return End;
        if (json[at] != ':')
            return Invalid(json, at, "after object key");
        at++;
        SkipSpace(json, ref at);
        goto Value;

    Close:
        depth--;
        at++;
        goto AfterValue;
    }

    /// <summary>
    /// The text of a string literal's inside, as Go has it: a byte that is no UTF-8, and half of a surrogate pair, become U+FFFD.
    /// </summary>
    /// <param name="inside">Between the quotes; well-formed as far as the grammar goes.</param>
    public static string Unquote(ReadOnlySpan<byte> inside)
    {
        var text = new StringBuilder(inside.Length);
        for (var at = 0; at < inside.Length;)
        {
            if (inside[at] != '\\')
            {
                // The replacement of a broken sequence is one character a byte, so only its first byte is taken.
                var status = Rune.DecodeFromUtf8(inside[at..], out var rune, out var length);
                text.Append(rune.ToString());
                at += status == System.Buffers.OperationStatus.Done ? length : 1;
                continue;
            }
            var escape = inside[at + 1];
            at += 2;
            if (escape != 'u')
            {
                text.Append(escape switch
                {
                    (byte)'n' => '\n',
                    (byte)'t' => '\t',
                    (byte)'r' => '\r',
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    _ => (char)escape,
                });
                continue;
            }
            var unit = Hex(inside[at..]);
            at += 4;
            if (char.IsHighSurrogate(unit) && inside[at..] is [(byte)'\\', (byte)'u', _, _, _, _, ..]
                && Hex(inside[(at + 2)..]) is var low && char.IsLowSurrogate(low))
            {
                text.Append(unit).Append(low);
                at += 6;
            }
            else
            {
                text.Append(char.IsSurrogate(unit) ? '\uFFFD' : unit);
            }
        }
        return text.ToString();
    }

    private const string End = "unexpected end of JSON input";

    private static char Hex(ReadOnlySpan<byte> digits) =>
        (char)int.Parse(digits[..4], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private static void SkipSpace(ReadOnlySpan<byte> json, ref int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            at++;
    }

    private static string? String(ReadOnlySpan<byte> json, ref int at)
    {
        for (at++; at < json.Length; at++)
        {
            switch (json[at])
            {
                case (byte)'"':
                    at++;
                    return null;
                case < 0x20:
                    return Invalid(json, at, "in string literal");
                case (byte)'\\':
                    if (++at == json.Length)
                        return End;
                    if (json[at] == 'u')
                    {
                        for (var i = 0; i < 4; i++)
                        {
                            if (++at == json.Length)
                                return End;
                            if (!char.IsAsciiHexDigit((char)json[at]))
                                return Invalid(json, at, "in \\u hexadecimal character escape");
                        }
                    }
                    else if (!"bfnrt\\/\""u8.Contains(json[at]))
                    {
                        return Invalid(json, at, "in string escape code");
                    }
                    break;
            }
        }
        return End;
    }

    private static string? Literal(ReadOnlySpan<byte> json, ref int at, string literal)
    {
        for (var i = 0; i < literal.Length; i++, at++)
        {
            if (at == json.Length)
                return End;
            if (json[at] != literal[i])
                return Invalid(json, at, $"in literal {literal} (expecting '{literal[i]}')");
        }
        return null;
    }

    private static string? Number(ReadOnlySpan<byte> json, ref int at)
    {
        if (json[at] == '-' && Digit(json, ++at, "in numeric literal") is { } error)
            return error;
        if (json[at] == '0')
            at++;
        else
            Digits(json, ref at);
        if (at < json.Length && json[at] == '.')
        {
            if (Digit(json, ++at, "after decimal point in numeric literal") is { } pointError)
                return pointError;
            Digits(json, ref at);
        }
        if (at < json.Length && json[at] is (byte)'e' or (byte)'E')
        {
            at++;
            if (at < json.Length && json[at] is (byte)'+' or (byte)'-')
                at++;
            if (Digit(json, at, "in exponent of numeric literal") is { } exponentError)
                return exponentError;
            Digits(json, ref at);
        }
        return null;
    }

    private static string? Digit(ReadOnlySpan<byte> json, int at, string context) =>
        at == json.Length ? End : char.IsAsciiDigit((char)json[at]) ? null : Invalid(json, at, context);

    private static void Digits(ReadOnlySpan<byte> json, ref int at)
    {
        while (at < json.Length && char.IsAsciiDigit((char)json[at]))
            at++;
    }

    private static string Invalid(ReadOnlySpan<byte> json, int at, string context)
    {
        // Go takes the byte for a character of its own, and prints it as a rune literal.
        var character = json[at] switch
        {
            (byte)'\'' => "\\'",
            (byte)'"' => "\"",
            >= 0x80 and < 0xa0 and var b => $"\\u{b:x4}",
            0xad => "\\u00ad",
            0xa0 => "\\u00a0",
            var b => GoText.Quote(((char)b).ToString())[1..^1],
        };
        return $"invalid character '{character}' {context}";
    }
}
