using Microsoft.AspNetCore.Http;

namespace Pilothouse.Server.Authentication;

/// <summary>The token of <c>Authorization: Bearer …</c>.</summary>
internal static class BearerToken
{
    /// <summary>The token; empty when the header has none. What follows a further space is ignored, as upstream has it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="spaced">There is something, but behind a second space, and so it does not count.</param>
    public static ReadOnlySpan<char> Of(HttpRequest request, out bool spaced)
    {
        const string scheme = "bearer ";
        spaced = false;
        var header = request.Headers.Authorization;
        if (header.Count == 0)
            return default;
        var text = header[0].AsSpan().Trim();
        if (!text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return default;
        var token = text[scheme.Length..];
        var space = token.IndexOf(' ');
        spaced = space == 0;
        return space < 0 ? token : token[..space];
    }
}
