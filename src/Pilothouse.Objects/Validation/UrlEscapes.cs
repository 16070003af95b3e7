using System.Buffers;
using System.Text;

namespace Pilothouse.Objects;

/// <summary>Percent-encoding as Go's net/url has it.</summary>
internal static class UrlEscapes
{
    private const string Unreserved = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";

    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(Unreserved + "$&+,/:;=@");
    private static readonly SearchValues<char> EncodedPathCharacters = SearchValues.Create(Unreserved + "$&+,/:;=@!'()*[]%");
    private static readonly SearchValues<char> UserCharacters = SearchValues.Create(Unreserved + "$&+,;=");
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create(Unreserved + "!$&'()*+,;=:[]<>\"");

    /// <summary>Whether a path is as it may be written.</summary>
    public static bool IsEncodedPath(string path) => !path.AsSpan().ContainsAnyExcept(EncodedPathCharacters);

    /// <summary>Decodes a part.</summary>
    /// <returns>Null, or Go's error.</returns>
    public static string? Unescape(string text, UrlPart part, out string result)
    {
        result = text;
        var isHost = part is UrlPart.Host or UrlPart.Zone;
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    return BadEscape(text[i..Math.Min(i + 3, text.Length)]);
                var escape = text.Substring(i, 3);
                var value = Convert.ToByte(escape[1..], 16);
                if (isHost && escape != "%25" && !MayBeEscaped(value, part))
                    return BadEscape(escape);
                bytes.Add(value);
                i += 2;
            }
            else if (char.IsAscii(character))
            {
                if (isHost && !HostCharacters.Contains(character))
                    return $"invalid character {GoText.Quote(character.ToString())} in host name";
                bytes.Add(character == '+' && part == UrlPart.Query ? (byte)' ' : (byte)character);
            }
            else
            {
                var end = i + 1;
                while (end < text.Length && !char.IsAscii(text[end]))
                    end++;
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i..end]));
                i = end - 1;
            }
        }
        result = Encoding.UTF8.GetString([.. bytes]);
        return null;
    }

    /// <summary>Encodes a path, or a user's name.</summary>
    public static string Escape(string text, UrlPart part)
    {
        var kept = part == UrlPart.User ? UserCharacters : PathCharacters;
        var escaped = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (value < 0x80 && kept.Contains((char)value))
                escaped.Append((char)value);
            else
                escaped.Append($"%{value:X2}");
        }
        return escaped.ToString();
    }

    /// <summary>A host escapes what is not ASCII; a zone also what it might write plainly, and blanks, which Windows puts there.</summary>
    private static bool MayBeEscaped(byte value, UrlPart part) =>
        part == UrlPart.Host ? value >= 0x80 : value == ' ' || (value < 0x80 && HostCharacters.Contains((char)value));

    private static string BadEscape(string escape) => $"invalid URL escape {GoText.Quote(escape)}";
}
