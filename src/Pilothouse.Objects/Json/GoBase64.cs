namespace Pilothouse.Objects;

/// <summary>Standard base64 as Go reads it: padded, line breaks ignored, errors naming the byte.</summary>
public static class GoBase64
{
    /// <summary>Decodes.</summary>
    /// <returns>Null, or Go's error text.</returns>
    public static string? TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 4 * 3 + 3];
        if (Convert.TryFromBase64String(text, bytes, out var written) && !text.AsSpan().ContainsAny(' ', '\t'))
        {
            bytes = bytes[..written];
            return null;
        }
        // The way with the good error, in which also what .NET refuses and Go does not is read.
        var output = new List<byte>(text.Length);
        int group = 0, digits = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c is '\r' or '\n')
                continue;
            if (c == '=')
            {
                if (digits < 2)
                    return Illegal(text, at);
                var padding = digits;
                if (digits == 2)
                {
                    do
                    {
                        at++;
                    }
                    while (at < text.Length && text[at] is '\r' or '\n');
                    if (at >= text.Length)
                        return Illegal(text, text.Length);
                    if (text[at] != '=')
                        return Illegal(text, at);
                }
                for (at++; at < text.Length; at++)
                {
                    if (text[at] is not ('\r' or '\n'))
                        return Illegal(text, at);
                }
                group <<= (4 - padding) * 6;
                output.Add((byte)(group >> 16));
                if (padding == 3)
                    output.Add((byte)(group >> 8));
                bytes = [.. output];
                return null;
            }
            var digit = c switch
            {
                >= 'A' and <= 'Z' => c - 'A',
                >= 'a' and <= 'z' => c - 'a' + 26,
                >= '0' and <= '9' => c - '0' + 52,
                '+' => 62,
                '/' => 63,
                _ => -1,
            };
            if (digit < 0)
                return Illegal(text, at);
            group = group << 6 | digit;
            if (++digits == 4)
            {
                output.Add((byte)(group >> 16));
                output.Add((byte)(group >> 8));
                output.Add((byte)group);
                group = digits = 0;
            }
        }
        if (digits > 0)
            return Illegal(text, text.Length - digits);
        bytes = [.. output];
        return null;
    }

    // Go counts bytes of UTF-8.
    private static string Illegal(string text, int at) =>
        $"illegal base64 data at input byte {System.Text.Encoding.UTF8.GetByteCount(text.AsSpan(0, at))}";
}
