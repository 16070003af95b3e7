using System.Buffers.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>JSON Web Tokens (RFC 7519): what they say before they are believed, and whether a key signed them.</summary>
internal static class Jwt
{
    /// <summary>Tokens longer than this are of nobody's making; the server reads headers up to 1 MiB.</summary>
    private const int MaxLength = 64 * 1024;

    private static readonly JsonWebTokenHandler s_handler = new() { MaximumTokenSizeInBytes = MaxLength, MapInboundClaims = false };

    /// <summary>The claims and the key's id, unverified: to find out whose token it may be. Null for what is no JWT.</summary>
    public static UnverifiedJwt? Read(string token)
    {
        if (token.Length > MaxLength)
            return null;
        var first = token.IndexOf('.', StringComparison.Ordinal);
        var last = token.LastIndexOf('.');
        if (first <= 0 || last <= first || token.IndexOf('.', first + 1) != last)
            return null;
        return Decode(token.AsSpan(0, first)) is { } header && Decode(token.AsSpan(first + 1, last - first - 1)) is { } claims
            ? new(token, header, claims)
            : null;
    }

    /// <summary>Whether one of the keys signed the token, in one of the ways allowed.</summary>
    public static async ValueTask<bool> IsSignedByAsync(string token, IEnumerable<SecurityKey> keys, IReadOnlyList<string> algorithms)
    {
        var result = await s_handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeys = keys,
            TryAllIssuerSigningKeys = true,
            ValidAlgorithms = algorithms,
            RequireSignedTokens = true,
            // Whoever asks checks these, with upstream's words and leeway.
            RequireExpirationTime = false,
            ValidateLifetime = false,
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateTokenReplay = false,
        });
        return result.IsValid;
    }

    private static JsonObject? Decode(ReadOnlySpan<char> part) =>
        Base64Url.IsValid(part) && !part.Contains('=') ? ForeignJson.Read(Base64Url.DecodeFromChars(part)) : null;
}
