using Pilothouse.Server.Authentication.Tokens;

namespace Pilothouse.Server.Authentication.ServiceAccounts;

/// <summary>Whether a token's times are right, give or take a minute for clocks that differ.</summary>
internal static class TokenTimes
{
    public static TimeSpan Leeway { get; } = TimeSpan.FromMinutes(1);

    /// <summary>What upstream says of times that are wrong; null when they are right.</summary>
    public static string? Check(UnverifiedJwt token, DateTimeOffset now)
    {
        var notBefore = token.Time("nbf", out var wrong);
        var expires = token.Time("exp", out var wrongExpiry);
        var issued = token.Time("iat", out var wrongIssue);
        if (wrong || wrongExpiry || wrongIssue)
            return "go-jose/go-jose/jwt: expected number value to unmarshal NumericDate";
        if (now + Leeway < notBefore)
            return "service account token is not valid yet";
        if (now - Leeway > expires)
            return "service account token has expired";
        return now + Leeway < issued ? "service account token is issued in the future" : null;
    }
}
