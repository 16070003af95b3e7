using Microsoft.Extensions.Logging;
using Pilothouse.Server.Authentication.Tokens;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>
/// All providers, as configured now. Another configuration takes over once all its providers were found, and within a minute;
/// otherwise the old one stays.
/// </summary>
public sealed partial class OidcAuthenticators : ITokenAuthenticator
{
    private static readonly TimeSpan s_takeOverPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private volatile Generation _current;

    public OidcAuthenticators(IReadOnlyList<JwtAuthenticatorOptions> providers, TimeProvider time, ILogger<OidcAuthenticators> log)
    {
        (_time, _log) = (time, log);
        _current = Make(providers);
    }

    /// <summary>Why providers are not usable yet; null when all are.</summary>
    public string? NotReadyReason => _current.NotReadyReason;

    public async ValueTask<TokenAnswer> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        foreach (var authenticator in _current.Authenticators)
        {
            // A token is one provider's: what that one says is the answer.
            var answer = await authenticator.AuthenticateAsync(token, audiences, cancellationToken);
            if (!ReferenceEquals(answer, TokenAnswer.Unknown))
                return answer;
        }
        return TokenAnswer.Unknown;
    }

    /// <summary>Looks for providers, until it is cancelled, and for new configurations where there is a source of them.</summary>
    /// <param name="changed">Gives the providers of a configuration that has changed since the last call, or null. May be null.</param>
    /// <param name="cancellationToken">The end.</param>
    public async Task RunAsync(Func<IReadOnlyList<JwtAuthenticatorOptions>?>? changed, CancellationToken cancellationToken)
    {
        _current.Start(cancellationToken);
        try
        {
            while (true)
            {
                await Task.Delay(changed is null ? Timeout.InfiniteTimeSpan : s_lookInterval, _time, cancellationToken);
                if (changed!() is { } providers)
                    await TakeOverAsync(providers, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server ends.
        }
        finally
        {
            await _current.DisposeAsync();
        }
    }

    private async Task TakeOverAsync(IReadOnlyList<JwtAuthenticatorOptions> providers, CancellationToken cancellationToken)
    {
        var next = Make(providers);
        next.Start(cancellationToken);
        var deadline = _time.GetUtcNow() + s_takeOverPatience;
        while (next.NotReadyReason is { } reason)
        {
            if (_time.GetUtcNow() >= deadline)
            {
                Kept(_log, reason);
                await next.DisposeAsync();
                return;
            }
            await Task.Delay(s_lookInterval, _time, cancellationToken);
        }
        var before = _current;
        _current = next;
        TakenOver(_log, providers.Count);
        await before.DisposeAsync();
    }

    private Generation Make(IReadOnlyList<JwtAuthenticatorOptions> providers) => new(
    [
        .. providers.Select(p => new OidcAuthenticator(
            p, new OidcHttp(Authorities(p), _time), _time, _log)),
    ]);

    private static System.Security.Cryptography.X509Certificates.X509Certificate2Collection? Authorities(JwtAuthenticatorOptions options) =>
        options.CertificateAuthority.Length == 0
            ? null
            : WebhookTarget.ReadAuthorities(System.Text.Encoding.UTF8.GetBytes(options.CertificateAuthority)).Value;

    [LoggerMessage(1, LogLevel.Information, "The authentication configuration was reloaded: {Count} providers")]
    private static partial void TakenOver(ILogger log, int count);

    [LoggerMessage(2, LogLevel.Error, "The authentication configuration in use is kept, the new one does not work: {Reason}")]
    private static partial void Kept(ILogger log, string reason);

    /// <summary>The providers of one configuration, and the looks for them.</summary>
    private sealed class Generation(IReadOnlyList<OidcAuthenticator> authenticators) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private Task _looks = Task.CompletedTask;

        public IReadOnlyList<OidcAuthenticator> Authenticators => authenticators;

        public string? NotReadyReason => authenticators.Select(a => a.NotReadyReason).FirstOrDefault(r => r is not null);

        public void Start(CancellationToken cancellationToken)
        {
            var ends = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, cancellationToken);
            _looks = Task.WhenAll(authenticators.Select(a => Task.Run(() => a.RunAsync(ends.Token), CancellationToken.None)))
                .ContinueWith(_ => ends.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _looks;
            foreach (var authenticator in authenticators)
                authenticator.Dispose();
            _end.Dispose();
        }
    }
}
