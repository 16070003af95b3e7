using System.Text;
using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>Under which name a client's writes are accounted for.</summary>
internal static class ManagerName
{
    private const int MaxLength = 128;

    /// <summary>What the client calls itself, or else the beginning of its User-Agent, up to the slash.</summary>
    public static string Of(HttpRequest request, WriteOptions options) =>
        options.FieldManager.Length > 0 ? options.FieldManager : OfUserAgent(request.Headers.UserAgent.ToString());

    /// <summary>The printable part of a User-Agent before its first slash.</summary>
    public static string OfUserAgent(string agent)
    {
        var slash = agent.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? agent.AsSpan() : agent.AsSpan(0, slash);
        if (name.Length <= MaxLength && Ascii.IsValid(name) && !name.ContainsAnyInRange('\0', '\x1f') && !name.Contains('\x7f'))
            return name.ToString();
        var text = new StringBuilder(name.Length);
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if (!GoText.IsPrint(rune))
                continue;
            if ((length += rune.Utf8SequenceLength) > MaxLength)
                break;
            text.Append(rune);
        }
        return text.ToString();
    }
}
