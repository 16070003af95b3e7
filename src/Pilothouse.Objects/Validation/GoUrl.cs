namespace Pilothouse.Objects;

/// <summary>The parts of a URL as Go's net/url finds them, for rules that look at them; not for connecting anywhere.</summary>
/// <param name="Scheme">In lower case; empty for none.</param>
/// <param name="User">The user information; null for none.</param>
/// <param name="Host">With its port.</param>
/// <param name="Query">What stands behind "?".</param>
/// <param name="Fragment">What stands behind "#".</param>
public readonly record struct GoUrl(string Scheme, string? User, string Host, string Query, string Fragment)
{
    /// <summary>Reads a URL.</summary>
    /// <returns>Null, or Go's error text.</returns>
    public static string? TryParse(string text, out GoUrl url)
    {
        url = default;
        foreach (var character in text)
        {
            if (character < ' ' || character == 0x7f)
                return "net/url: invalid control character in URL";
        }
        if (text.StartsWith(' '))
            return "first path segment in URL cannot contain colon";
        var hash = text.IndexOf('#');
        var fragment = hash < 0 ? "" : text[(hash + 1)..];
        var rest = hash < 0 ? text : text[..hash];
        if (SplitScheme(rest, out var scheme, out rest) is { } noScheme)
            return noScheme;
        var mark = rest.IndexOf('?');
        var query = mark < 0 ? "" : rest[(mark + 1)..];
        rest = mark < 0 ? rest : rest[..mark];
        if (!rest.StartsWith('/'))
        {
            if (scheme.Length > 0)
            {
                url = new(scheme, null, "", query, fragment);
                return null;
            }
            var segment = rest.Split('/')[0];
            if (segment.Contains(':'))
                return "first path segment in URL cannot contain colon";
        }
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            url = new(scheme, null, "", query, fragment);
            return FaultOfEscapes(rest);
        }
        var slash = rest.IndexOf('/', 2);
        var authority = slash < 0 ? rest[2..] : rest[2..slash];
        var at = authority.LastIndexOf('@');
        var host = authority[(at + 1)..];
        if (FaultOfHost(host) is { } fault)
            return fault;
        url = new(scheme, at < 0 ? null : authority[..at], host, query, fragment);
        return slash < 0 ? null : FaultOfEscapes(rest[slash..]);
    }

    private static string? SplitScheme(string text, out string scheme, out string rest)
    {
        (scheme, rest) = ("", text);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (char.IsAsciiLetter(character))
                continue;
            if (char.IsAsciiDigit(character) || character is '+' or '-' or '.')
            {
                if (i == 0)
                    return null;
                continue;
            }
            if (character != ':')
                return null;
            if (i == 0)
                return "missing protocol scheme";
            (scheme, rest) = (text[..i].ToLowerInvariant(), text[(i + 1)..]);
            return null;
        }
        return null;
    }

    private static string? FaultOfHost(string host)
    {
        if (host.Contains(' '))
            return "invalid character \" \" in host name";
        var port = host;
        if (host.StartsWith('['))
        {
            var end = host.LastIndexOf(']');
            if (end < 0)
                return "missing ']' in host";
            port = host[(end + 1)..];
        }
        else
        {
            var colon = host.LastIndexOf(':');
            port = colon < 0 ? "" : host[colon..];
        }
        if (port.Length > 0 && (port[0] != ':' || port.AsSpan(1).ContainsAnyExceptInRange('0', '9')))
            return $"invalid port {GoText.Quote(port)} after host";
        return FaultOfEscapes(host);
    }

    private static string? FaultOfEscapes(string text)
    {
        for (var i = text.IndexOf('%'); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                return $"invalid URL escape {GoText.Quote(text.Substring(i, Math.Min(3, text.Length - i)))}";
        }
        return null;
    }
}
