using Pilothouse.Server.Authentication.Tokens;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>What all tokens of service accounts have in common: an issuer of ours, a key of ours, an audience.</summary>
internal static class ServiceAccountJwt
{
    private const string CryptoFailure = "go-jose/go-jose: error in cryptographic primitive";
    private const string UnsupportedAlgorithm = "go-jose/go-jose: unknown/unsupported algorithm";

    /// <summary>The token, believed; null and no error for one of somebody else.</summary>
    /// <param name="token">The token.</param>
    /// <param name="issuers">Whose tokens these are.</param>
    /// <param name="keys">The keys that may have signed it.</param>
    /// <param name="ownAudiences">Whom a token is for that names nobody.</param>
    /// <param name="audiences">Whom it must be for.</param>
    public static async ValueTask<(UnverifiedJwt? Token, IReadOnlyList<string> Audiences, string? Error)> VerifyAsync(
        string token, IReadOnlyList<string> issuers, ServiceAccountKeys keys, IReadOnlyList<string> ownAudiences, IReadOnlyList<string> audiences)
    {
        if (Jwt.Read(token) is not { } jwt || !issuers.Contains(jwt.Issuer))
            return (null, [], null);
        var candidates = keys.Candidates(jwt.KeyId).ToList();
        if (candidates.Count == 0)
            return (null, [], "invalid signature, no keys found");
        if (!TokenAlgorithms.All.Contains(jwt.Algorithm))
            return (null, [], UnsupportedAlgorithm);
        if (!await Jwt.IsSignedByAsync(token, candidates.Select(c => c.Security), TokenAlgorithms.All))
            return (null, [], CryptoFailure);
        if (jwt.Audiences is not { } named)
            return (null, [], "go-jose/go-jose/jwt: expected string or array value to unmarshal to Audience");
        if (named.Count == 0)
            named = ownAudiences;
        var common = AudienceAgnostic.Common(named, audiences);
        return common.Count > 0
            ? (jwt, common, null)
            : (null, [], $"token audiences {GoErrors.QuoteList(named)} is invalid for the target audiences {GoErrors.QuoteList(audiences)}");
    }
}
