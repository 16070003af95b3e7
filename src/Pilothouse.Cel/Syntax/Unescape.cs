using System.Text;

namespace Pilothouse.Cel;

/// <summary>Takes quotes and escapes off a literal.</summary>
internal static class Unescape
{
    private const string Broken = "unable to unescape string";

    /// <summary>The text of a string literal, quotes and all.</summary>
    public static string? Text(string literal, out string? error)
    {
        var (body, raw) = Body(literal);
        error = null;
        if (raw || !body.Contains('\\'))
            return body;
        var text = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                text.Append(body[i++]);
                continue;
            }
            if (Escape(body, ref i, bytes: false, out var value) is { } broken)
            {
                error = broken;
                return null;
            }
            text.Append(new Rune(value).ToString());
        }
        return text.ToString();
    }

    /// <summary>The bytes of a bytes literal, without its prefix b.</summary>
    public static byte[]? Bytes(string literal, out string? error)
    {
        var (body, raw) = Body(literal);
        error = null;
        if (raw || !body.Contains('\\'))
            return Encoding.UTF8.GetBytes(body);
        var bytes = new List<byte>(body.Length);
        for (var i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                var start = i;
                while (i < body.Length && body[i] != '\\')
                    i++;
                bytes.AddRange(Encoding.UTF8.GetBytes(body[start..i]));
                continue;
            }
            if (Escape(body, ref i, bytes: true, out var value) is { } broken)
            {
                error = broken;
                return null;
            }
            bytes.Add((byte)value);
        }
        return [.. bytes];
    }

    private static (string Body, bool Raw) Body(string literal)
    {
        var text = literal.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var raw = text[0] is 'r' or 'R';
        if (raw)
            text = text[1..];
        var quotes = text.Length >= 6 && (text.StartsWith("'''", StringComparison.Ordinal) ||
            text.StartsWith("\"\"\"", StringComparison.Ordinal)) ? 3 : 1;
        return (text[quotes..^quotes], raw);
    }

    private static string? Escape(string body, ref int i, bool bytes, out int value)
    {
        value = 0;
        var c = body[i + 1];
        i += 2;
        var digits = 0;
        switch (c)
        {
            case 'a': value = '\a'; return null;
            case 'b': value = '\b'; return null;
            case 'f': value = '\f'; return null;
            case 'n': value = '\n'; return null;
            case 'r': value = '\r'; return null;
            case 't': value = '\t'; return null;
            case 'v': value = '\v'; return null;
            case '\\' or '\'' or '"' or '`' or '?': value = c; return null;
            case 'x' or 'X': digits = 2; break;
            case 'u': digits = 4; break;
            case 'U': digits = 8; break;
            default:
                value = Convert.ToInt32(body.Substring(i - 1, 3), 8);
                i += 2;
                return bytes || Rune.IsValid(value) ? null : "invalid unicode code point";
        }
        if (bytes && digits > 2)
            return Broken;
        var number = Convert.ToUInt32(body.Substring(i, digits), 16);
        i += digits;
        if (!bytes && !Rune.IsValid(number))
            return "invalid unicode code point";
        value = (int)number;
        return null;
    }
}
