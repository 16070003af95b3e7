using System.Text;
using Pilothouse.Objects;

namespace Pilothouse.Cel;

/// <summary>URLs as Go's net/url reads them, with its errors.</summary>
internal sealed record GoUrl(string Scheme, string Host, string RawPath, string Path, string RawQuery, string Text)
{
    /// <summary>Reads an absolute URL or an absolute path; a fragment is taken off.</summary>
    /// <returns>Null, or Go's error text.</returns>
    public static string? TryParse(string text, out GoUrl? url)
    {
        url = null;
        // First as a request's URI, which knows no fragments; then the fragment goes.
        if (Parse(text, viaRequest: true, out url) is { } error)
            return $"parse {GoText.Quote(text)}: {error}";
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0 && Parse(text[..hash], viaRequest: false, out url) is { } second)
            return $"parse {GoText.Quote(text)}: {second}";
        return null;
    }

    /// <summary>The host without brackets and port.</summary>
    public string Hostname
    {
        get
        {
            var host = WithoutPort(Host).Host;
            return host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        }
    }

    public string Port => WithoutPort(Host).Port;

    /// <summary>The path as it was written, when that is a valid encoding of it; else encoded anew.</summary>
    public string EscapedPath => RawPath.Length > 0 && RawPath.All(c => c < 0x80 && !IsEscapedInPath(c) || c == '%') ? RawPath
        : Path == "*" ? "*" : Escape(Path);

    /// <summary>The parameters, each with its values in order; what cannot be decoded is left out.</summary>
    public IEnumerable<(string Key, string Value)> Query()
    {
        foreach (var part in RawQuery.Split('&'))
        {
            if (part.Length == 0 || part.Contains(';', StringComparison.Ordinal))
                continue;
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            if (Unescape(key, plus: true, out var k) is null && Unescape(value, plus: true, out var v) is null)
                yield return (k, v);
        }
    }

    private static (string Host, string Port) WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon >= 0 && host[(colon + 1)..].All(char.IsAsciiDigit) && (host[0] != '[' || colon > 0 && host[colon - 1] == ']')
            ? (host[..colon], host[(colon + 1)..]) : (host, "");
    }

    private static string? Parse(string text, bool viaRequest, out GoUrl? url)
    {
        url = null;
        if (text.Any(c => c < ' ' || c == 0x7f))
            return "net/url: invalid control character in URL";
        if (text.Length == 0 && viaRequest)
            return "empty url";
        if (text == "*")
        {
            url = new("", "", "", "*", "", text);
            return null;
        }
        if (SplitScheme(text, out var scheme, out var rest) is { } badScheme)
            return badScheme;
        var query = "";
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        if (question >= 0)
            (rest, query) = (rest[..question], rest[(question + 1)..]);
        if (!rest.StartsWith('/'))
        {
            if (scheme.Length > 0)
            {
                // An opaque URL, like mailto:x.
                url = new(scheme, "", "", "", query, text);
                return null;
            }
            if (viaRequest)
                return "invalid URI for request";
            var segment = rest.Split('/')[0];
            if (segment.Contains(':', StringComparison.Ordinal))
                return "first path segment in URL cannot contain colon";
        }
        var host = "";
        if ((scheme.Length > 0 || !viaRequest && !rest.StartsWith("///", StringComparison.Ordinal)) &&
            rest.StartsWith("//", StringComparison.Ordinal))
        {
            var authority = rest[2..];
            var slash = authority.IndexOf('/', StringComparison.Ordinal);
            (authority, rest) = slash < 0 ? (authority, "") : (authority[..slash], authority[slash..]);
            if (Authority(authority, out host) is { } badHost)
                return badHost;
        }
        if (Unescape(rest, plus: false, out var path) is { } badPath)
            return badPath;
        url = new(scheme.ToLowerInvariant(), host, rest, path, query, text);
        return null;
    }

    private static string? SplitScheme(string text, out string scheme, out string rest)
    {
        (scheme, rest) = ("", text);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiLetter(c))
                continue;
            if (char.IsAsciiDigit(c) || c is '+' or '-' or '.')
            {
                if (i == 0)
                    return null;
                continue;
            }
            if (c != ':')
                return null;
            if (i == 0)
                return "missing protocol scheme";
            (scheme, rest) = (text[..i], text[(i + 1)..]);
            return null;
        }
        return null;
    }

    private static string? Authority(string authority, out string host)
    {
        var at = authority.LastIndexOf('@');
        host = authority[(at + 1)..];
        if (at >= 0 && !authority[..at].All(c => char.IsAsciiLetterOrDigit(c) || "-._:~!$&'()*+,;=%@".Contains(c, StringComparison.Ordinal)))
            return "net/url: invalid userinfo";
        if (host.StartsWith('['))
        {
            var end = host.LastIndexOf(']');
            if (end < 0)
                return "missing ']' in host";
            var port = host[(end + 1)..];
            if (!IsPort(port))
                return $"invalid port {GoText.Quote(port)} after host";
        }
        else if (host.LastIndexOf(':') is >= 0 and var colon && !IsPort(host[colon..]))
            return $"invalid port {GoText.Quote(host[colon..])} after host";
        var written = host;
        if (Unescape(host, plus: false, out host, hostOnly: true) is { } error)
            return error;
        foreach (var c in written)
        {
            if (c < 0x80 && !char.IsAsciiLetterOrDigit(c) && !"-_.~!$&'()*+,;=:[]<>\"%".Contains(c, StringComparison.Ordinal))
                return $"invalid character {GoText.Quote(c.ToString())} in host name";
        }
        return null;
    }

    private static bool IsPort(string port) => port.Length == 0 || port[0] == ':' && port[1..].All(char.IsAsciiDigit);

    private static string? Unescape(string text, bool plus, out string result, bool hostOnly = false)
    {
        result = text;
        if (!text.Contains('%', StringComparison.Ordinal) && !(plus && text.Contains('+', StringComparison.Ordinal)))
            return null;
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    return $"invalid URL escape {GoText.Quote(text[i..Math.Min(i + 3, text.Length)])}";
                var value = Convert.ToByte(text.Substring(i + 1, 2), 16);
                if (hostOnly && value < 0x80 && text.Substring(i, 3) != "%25")
                    return $"invalid URL escape {GoText.Quote(text.Substring(i, 3))}";
                bytes.Add(value);
                i += 2;
            }
            else if (plus && text[i] == '+')
                bytes.Add((byte)' ');
            else
            {
                var start = i;
                while (i + 1 < text.Length && text[i + 1] != '%' && !(plus && text[i + 1] == '+'))
                    i++;
                bytes.AddRange(Encoding.UTF8.GetBytes(text[start..(i + 1)]));
            }
        }
        result = Encoding.UTF8.GetString([.. bytes]);
        return null;
    }

    private static bool IsEscapedInPath(char c) =>
        !(char.IsAsciiLetterOrDigit(c) || "-_.~$&+,/:;=@!'()*[]".Contains(c, StringComparison.Ordinal));

    private static string Escape(string path)
    {
        var text = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(path))
        {
            var c = (char)b;
            if (b < 0x80 && !IsEscapedInPath(c) && c is not ('!' or '\'' or '(' or ')' or '*' or '[' or ']'))
                text.Append(c);
            else
                text.Append($"%{b:X2}");
        }
        return text.ToString();
    }
}
