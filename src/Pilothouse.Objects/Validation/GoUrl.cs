namespace Pilothouse.Objects;

/// <summary>A URL as Go's net/url reads it, with its errors; for rules that look at its parts, not for connecting anywhere.</summary>
/// <param name="Text">As it was given.</param>
/// <param name="Scheme">In lower case; empty for none.</param>
/// <param name="User">The user information, encoded as Go encodes it; null for none.</param>
/// <param name="Host">With its port, decoded.</param>
/// <param name="RawPath">The path as it was given.</param>
/// <param name="Path">The path, decoded.</param>
/// <param name="RawQuery">What stands behind "?".</param>
/// <param name="Fragment">What stands behind "#", decoded.</param>
public sealed record GoUrl(
    string Text, string Scheme, string? User, string Host, string RawPath, string Path, string RawQuery, string Fragment)
{
    /// <summary>The host without brackets and port.</summary>
    public string Hostname
    {
        get
        {
            var host = Host[..(Host.Length - PortText.Length)];
            return host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        }
    }

    /// <summary>The port; empty for none.</summary>
    public string Port => PortText.Length == 0 ? "" : PortText[1..];

    /// <summary>The path as it was written, when that is a valid encoding of it; else encoded anew.</summary>
    public string EscapedPath => UrlEscapes.IsEncodedPath(RawPath) ? RawPath : Path == "*" ? "*" : UrlEscapes.Escape(Path, UrlPart.Path);

    private string PortText => Host.LastIndexOf(':') is >= 0 and var colon && UrlAuthority.IsPort(Host.AsSpan(colon)) ? Host[colon..] : "";

    /// <summary>Reads a URL of any form: absolute, a path, or relative.</summary>
    /// <returns>Null, or Go's error.</returns>
    public static string? Parse(string text, out GoUrl? url)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var rest = hash < 0 ? text : text[..hash];
        if (Read(rest, viaRequest: false, out url) is { } fault)
            return Error(rest, fault);
        if (hash < 0)
            return null;
        if (UrlEscapes.Unescape(text[(hash + 1)..], UrlPart.Fragment, out var fragment) is { } wrong)
            return Error(text, wrong);
        url = url! with { Text = text, Fragment = fragment };
        return null;
    }

    /// <summary>Reads an absolute URL or an absolute path, as a request for it would bear; "#" means nothing in it.</summary>
    /// <returns>Null, or Go's error.</returns>
    public static string? ParseRequestUri(string text, out GoUrl? url) =>
        Read(text, viaRequest: true, out url) is { } fault ? Error(text, fault) : null;

    /// <summary>The parameters, each with its values in order; what cannot be decoded is left out.</summary>
    public IEnumerable<(string Key, string Value)> Query()
    {
        foreach (var part in RawQuery.Split('&'))
        {
            if (part.Length == 0 || part.Contains(';', StringComparison.Ordinal))
                continue;
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            if (UrlEscapes.Unescape(key, UrlPart.Query, out var k) is null && UrlEscapes.Unescape(value, UrlPart.Query, out var v) is null)
                yield return (k, v);
        }
    }

    private static string Error(string text, string fault) => $"parse {GoText.Quote(text)}: {fault}";

    private static string? Read(string text, bool viaRequest, out GoUrl? url)
    {
        url = null;
        if (text.Any(c => c < ' ' || c == 0x7f))
            return "net/url: invalid control character in URL";
        if (text.Length == 0 && viaRequest)
            return "empty url";
        if (text == "*")
        {
            url = new(text, "", null, "", "*", "*", "", "");
            return null;
        }
        if (SplitScheme(text, out var scheme, out var rest) is { } noScheme)
            return noScheme;
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? "" : rest[(mark + 1)..];
        rest = mark < 0 ? rest : rest[..mark];
        if (!rest.StartsWith('/'))
        {
            if (scheme.Length > 0)
            {
                // An opaque URL, like mailto:x.
                url = new(text, scheme, null, "", "", "", query, "");
                return null;
            }
            if (viaRequest)
                return "invalid URI for request";
            if (rest.Split('/')[0].Contains(':', StringComparison.Ordinal))
                return "first path segment in URL cannot contain colon";
        }
        string? user = null;
        var host = "";
        if ((scheme.Length > 0 || (!viaRequest && !rest.StartsWith("///", StringComparison.Ordinal)))
            && rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            var authority = slash < 0 ? rest[2..] : rest[2..slash];
            rest = slash < 0 ? "" : rest[slash..];
            if (UrlAuthority.Read(scheme, authority, out user, out host) is { } fault)
                return fault;
        }
        if (UrlEscapes.Unescape(rest, UrlPart.Path, out var path) is { } wrong)
            return wrong;
        url = new(text, scheme, user, host, rest, path, query, "");
        return null;
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
}
