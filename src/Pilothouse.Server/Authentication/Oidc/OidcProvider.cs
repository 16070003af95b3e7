using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication.Tokens;

namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>
/// A provider and its keys (OpenID Connect Discovery 1.0). It is looked for until it is found, so that it may run on this very
/// cluster; its keys are read again when a token was signed by one that is not known: it rotates them as it likes.
/// </summary>
internal sealed partial class OidcProvider : IDisposable
{
    private static readonly TimeSpan s_retryInterval = TimeSpan.FromSeconds(10);

    /// <summary>Tokens signed by nobody must not make us ask the provider all the time.</summary>
    private static readonly TimeSpan s_refetchInterval = TimeSpan.FromSeconds(1);

    /// <summary>So many times at once, though: keys may be rotated the moment after they were read.</summary>
    private const int RefetchBurst = 10;

    private readonly JwtAuthenticatorOptions _options;
    private readonly OidcHttp _http;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private volatile string? _keysAddress;
    private volatile IReadOnlyList<SecurityKey> _keys = [];
    private volatile string _state;

    // Both guarded by the gate.
    private Task<string?>? _fetching;
    private DateTimeOffset _refetchesFullAt = DateTimeOffset.MinValue;

    public OidcProvider(JwtAuthenticatorOptions options, OidcHttp http, TimeProvider time, ILogger log)
    {
        (_options, _http, _time, _log) = (options, http, time, log);
        _state = $"oidc: authenticator for issuer {GoText.Quote(options.IssuerUrl)} is not initialized";
    }

    /// <summary>Null when the provider was found; otherwise why not, up to now.</summary>
    public string? NotReadyReason => _keysAddress is null ? _state : null;

    /// <summary>Looks for the provider until it is found.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await DiscoverAsync(cancellationToken) is { } error)
        {
            _state = error;
            NotFound(_log, _options.IssuerUrl, error);
            await Task.Delay(s_retryInterval, _time, cancellationToken);
        }
    }

    /// <summary>Whether one of the provider's keys signed the token; null if so, otherwise what upstream says.</summary>
    public async ValueTask<string?> VerifyAsync(UnverifiedJwt token, CancellationToken cancellationToken)
    {
        if (await IsSignedAsync(token))
            return null;
        if (await FetchAsync().WaitAsync(cancellationToken) is { } error)
            return $"fetching keys {error}";
        return await IsSignedAsync(token) ? null : "failed to verify id token signature";
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<bool> IsSignedAsync(UnverifiedJwt token)
    {
        var keys = _keys.Where(k => token.KeyId.Length == 0 || k.KeyId == token.KeyId).ToList();
        return keys.Count > 0 && await Jwt.IsSignedByAsync(token.Token, keys, _options.Algorithms);
    }

    private async Task<string?> DiscoverAsync(CancellationToken cancellationToken)
    {
        var address = _options.DiscoveryUrl.Length > 0
            ? _options.DiscoveryUrl
            : _options.IssuerUrl.TrimEnd('/') + "/.well-known/openid-configuration";
        if (!(await _http.GetAsync(address, cancellationToken)).TryGet(out var body, out var failure))
            return failure.Message;
        if (ForeignJson.Read(body) is not { } document)
            return "oidc: failed to decode provider discovery object: it is no JSON object";
        var issuer = document.Text("issuer") ?? "";
        if (issuer != _options.IssuerUrl)
        {
            return $"oidc: issuer did not match the issuer returned by provider, expected {GoText.Quote(_options.IssuerUrl)} got {GoText.Quote(issuer)}";
        }
        if (document.Text("jwks_uri") is not { Length: > 0 } keysAddress)
            return "provider did not return JWKS URL";
        _keysAddress = keysAddress;
        Found(_log, _options.IssuerUrl);
        return null;
    }

    /// <summary>Reads the keys, together with whoever else wants to; an error if that did not work. Nothing when it was just done.</summary>
    private Task<string?> FetchAsync()
    {
        lock (_gate)
        {
            if (_fetching is { IsCompleted: false })
                return _fetching;
            // A bucket that fills with time, told by when it will be full.
            var now = _time.GetUtcNow();
            var fullAt = (_refetchesFullAt > now ? _refetchesFullAt : now) + s_refetchInterval;
            if (fullAt - now > s_refetchInterval * RefetchBurst)
                return Task.FromResult<string?>(null);
            _refetchesFullAt = fullAt;
            return _fetching = ReadKeysAsync();
        }
    }

    private async Task<string?> ReadKeysAsync()
    {
        // For all who wait: no single caller's end is the reading's.
        if (!(await _http.GetAsync(_keysAddress!, CancellationToken.None)).TryGet(out var body, out var failure))
            return $"oidc: get keys failed {failure.Message}";
        if (ForeignJson.Read(body) is null)
            return "oidc: failed to decode keys: it is no JSON object";
        try
        {
            var keys = new JsonWebKeySet(System.Text.Encoding.UTF8.GetString(body)).GetSigningKeys();
            foreach (var key in keys)
                key.CryptoProviderFactory = new() { CacheSignatureProviders = false };
            // Secrets have no business in a public document, and are never taken for keys.
            _keys = [.. keys.Where(k => k is not SymmetricSecurityKey)];
            return null;
        }
        catch (Exception fault) when (fault is ArgumentException or SecurityTokenException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            return $"oidc: failed to decode keys: {fault.Message}";
        }
    }

    [LoggerMessage(1, LogLevel.Error, "oidc authenticator: initializing {Issuer}: {Error}")]
    private static partial void NotFound(ILogger log, string issuer, string error);

    [LoggerMessage(2, LogLevel.Information, "oidc authenticator: {Issuer} was found")]
    private static partial void Found(ILogger log, string issuer);
}
