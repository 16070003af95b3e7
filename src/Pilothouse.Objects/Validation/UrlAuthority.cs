using System.Buffers;

namespace Pilothouse.Objects;

/// <summary>What stands between "//" and the path of a URL: the user, the host and its port, as Go's net/url reads them.</summary>
internal static class UrlAuthority
{
    private static readonly SearchValues<char> UserCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:~!$&'()*+,;=%@");

    /// <summary>Reads an authority.</summary>
    /// <param name="scheme">The URL's scheme.</param>
    /// <param name="authority">The text.</param>
    /// <param name="user">The user information, encoded anew; null for none.</param>
    /// <param name="host">Host and port, decoded.</param>
    /// <returns>Null, or Go's error.</returns>
    public static string? Read(string scheme, string authority, out string? user, out string host)
    {
        user = null;
        var at = authority.LastIndexOf('@');
        if (ReadHost(scheme, authority[(at + 1)..], out host) is { } badHost)
            return badHost;
        if (at < 0)
            return null;
        if (authority.AsSpan(0, at).ContainsAnyExcept(UserCharacters))
            return "net/url: invalid userinfo";
        var parts = new List<string>(2);
        foreach (var part in authority[..at].Split(':', 2))
        {
            if (UrlEscapes.Unescape(part, UrlPart.User, out var plain) is { } badUser)
                return badUser;
            parts.Add(UrlEscapes.Escape(plain, UrlPart.User));
        }
        user = string.Join(':', parts);
        return null;
    }

    /// <summary>Whether it is no port at all, or a colon and digits.</summary>
    public static bool IsPort(ReadOnlySpan<char> text) => text.IsEmpty || (text[0] == ':' && !text[1..].ContainsAnyExceptInRange('0', '9'));

    private static string? ReadHost(string scheme, string text, out string host)
    {
        host = "";
        if (text.LastIndexOf('[') is >= 0 and var open)
            return ReadLiteral(text, open, out host);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        // Lists of hosts with ports are usual in URLs of databases.
        if (scheme is not ("http" or "https"))
            colon = text.LastIndexOf(':');
        if (colon >= 0 && !IsPort(text.AsSpan(colon)))
            return BadPort(text[colon..]);
        return UrlEscapes.Unescape(text, UrlPart.Host, out host);
    }

    /// <summary>An IPv6 address in brackets, which may have a zone.</summary>
    private static string? ReadLiteral(string text, int open, out string host)
    {
        host = "";
        var close = text.LastIndexOf(']');
        if (close < open)
            return "missing ']' in host";
        var port = text[(close + 1)..];
        if (!IsPort(port))
            return BadPort(port);
        var name = text[(open + 1)..close];
        var zone = name.IndexOf("%25", StringComparison.Ordinal);
        if (UrlEscapes.Unescape(zone < 0 ? name : name[..zone], UrlPart.Host, out var address) is { } bad)
            return bad;
        if (zone >= 0)
        {
            if (UrlEscapes.Unescape(name[zone..], UrlPart.Zone, out var suffix) is { } badZone)
                return badZone;
            address += suffix;
        }
        if (GoAddress.TryParse(address, out var parsed) is { } fault)
            return $"invalid host: {fault}";
        if (parsed.Is4)
            return "invalid IP-literal";
        host = $"[{address}]{port}";
        return null;
    }

    private static string BadPort(string port) => $"invalid port {GoText.Quote(port)} after host";
}
