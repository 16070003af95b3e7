using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication.Tokens;

namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>Knows the ID tokens of one provider (OpenID Connect Core 1.0): by the keys that it publishes.</summary>
internal sealed class OidcAuthenticator : ITokenAuthenticator, IDisposable
{
    private const string Google = "https://accounts.google.com";

    private static readonly TimeSpan s_leeway = TimeSpan.FromMinutes(1);

    private readonly JwtAuthenticatorOptions _options;
    private readonly OidcProvider _provider;
    private readonly OidcUser _user;
    private readonly TimeProvider _time;

    public OidcAuthenticator(JwtAuthenticatorOptions options, OidcHttp http, TimeProvider time, ILogger log)
    {
        (_options, _time) = (options, time);
        _provider = new(options, http, time, log);
        _user = new(options);
    }

    public string? NotReadyReason => _provider.NotReadyReason;

    public Task RunAsync(CancellationToken cancellationToken) => _provider.RunAsync(cancellationToken);

    public async ValueTask<TokenAnswer> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        if (Jwt.Read(token) is not { } jwt || IssuerOf(jwt) != _options.IssuerUrl)
            return TokenAnswer.Unknown;
        if (_provider.NotReadyReason is not null)
            return TokenAnswer.Refused("oidc: authenticator not initialized");
        if (await CheckAsync(jwt, cancellationToken) is { } error)
            return TokenAnswer.Refused($"oidc: verify token: {error}");
        return _user.Make(jwt.Claims).TryGet(out var user, out var failure)
            ? TokenAnswer.Of(user, audiences) with { Until = jwt.Time("exp", out _) ?? DateTimeOffset.MaxValue }
            : TokenAnswer.Refused(failure.Message);
    }

    public void Dispose() => _provider.Dispose();

    /// <summary>Google says it in two ways.</summary>
    private static string IssuerOf(UnverifiedJwt token) => token.Issuer == "accounts.google.com" ? Google : token.Issuer;

    private async ValueTask<string?> CheckAsync(UnverifiedJwt token, CancellationToken cancellationToken)
    {
        if (!_options.Algorithms.Contains(token.Algorithm))
        {
            return $"oidc: id token signed with unsupported algorithm, expected {GoErrors.QuoteList(_options.Algorithms)} got {GoText.Quote(token.Algorithm)}";
        }
        if (await _provider.VerifyAsync(token, cancellationToken) is { } unsigned)
            return $"failed to verify signature: {unsigned}";
        if (token.Audiences is not { } named)
            return "oidc: failed to unmarshal claims: the audience is neither a string nor a list of strings";
        if (!named.Any(_options.Audiences.Contains))
        {
            var expected = _options.Audiences.Count == 1
                ? $"{GoText.Quote(_options.Audiences[0])}"
                : $"in {GoErrors.QuoteList(_options.Audiences.Order(StringComparer.Ordinal))}";
            return $"oidc: expected audience {expected} got {GoErrors.QuoteList(named)}";
        }
        var now = _time.GetUtcNow();
        var expires = token.Time("exp", out var wrong);
        var notBefore = token.Time("nbf", out var wrongStart);
        if (wrong || wrongStart)
            return "oidc: failed to unmarshal claims: json: cannot unmarshal into Go struct field of type oidc.jsonTime";
        if (expires is null || expires < now)
            return $"oidc: token is expired (Token Expiry: {Show(expires ?? DateTimeOffset.MinValue)})";
        return now + s_leeway < notBefore ? $"oidc: current time {Show(now)} before the nbf (not before) time: {Show(notBefore.Value)}" : null;
    }

    private static string Show(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + " +0000 UTC";
}
