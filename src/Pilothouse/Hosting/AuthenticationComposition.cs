using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Pilothouse.Certificates;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication;
using Pilothouse.Server.Authentication.Oidc;
using Pilothouse.Server.Authentication.Reviews;
using Pilothouse.Server.Authentication.ServiceAccounts;
using Pilothouse.Server.Authentication.Tokens;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;
using Pilothouse.Server.Webhooks;
using Pilothouse.Settings;

namespace Pilothouse.Hosting;

/// <summary>Who is asked who a request comes from, by the settings; and what else belongs to that.</summary>
internal sealed record AuthenticationComposition
{
    private static readonly TimeSpan _fileInterval = TimeSpan.FromSeconds(1);

    public required IReadOnlyList<IAuthenticator> Authenticators { get; init; }

    public required IReadOnlyList<IVirtualResource> VirtualResources { get; init; }

    public required IReadOnlyList<IEndpoint> Endpoints { get; init; }

    public required IReadOnlyList<Func<CancellationToken, Task>> Background { get; init; }

    public required bool AnonymousAllowed { get; init; }

    /// <summary>Empty for everywhere.</summary>
    public required IReadOnlyList<string> AnonymousPaths { get; init; }

    /// <exception cref="StartupException">A file cannot be used.</exception>
    public static AuthenticationComposition Compose(
        ServerSettings settings, ServiceAccountKeys keys, ClientAuthorityFile authorities, ObjectCaches caches, string address,
        TimeProvider time, ILoggerFactory logging)
    {
        var given = settings.Authentication;
        var accounts = given.ServiceAccounts;
        var structured = StructuredAuthentication.Open(settings, logging);
        List<Func<CancellationToken, Task>> background = [];

        // 1. Tokens: ours first, then those that others must be asked about.
        List<ITokenAuthenticator> tokens =
        [
            new SecretTokenAuthenticator(keys, accounts, caches),
            new ServiceAccountTokenAuthenticator(keys, accounts, caches, time),
        ];
        if (given.BootstrapTokens)
            tokens.Add(new AudienceAgnostic(new BootstrapTokenAuthenticator(caches, time), given.ApiAudiences));
        if (structured.HasProviders)
        {
            var oidc = new OidcAuthenticators(structured.Providers, time, logging.CreateLogger<OidcAuthenticators>());
            tokens.Add(new AudienceAgnostic(oidc, given.ApiAudiences));
            background.Add(token => oidc.RunAsync(structured.Changed, token));
        }
        if (given.TokenWebhookConfigFile.Length > 0)
            tokens.Add(Webhook(given, time, logging));
        var bearer = new BearerTokenAuthenticator(
            new StaticTokens(StaticUsers(settings)), tokens, given.ApiAudiences, time, logging.CreateLogger<BearerTokenAuthenticator>());

        // 2. Requests: the connection's say first, then what is in it.
        List<IAuthenticator> authenticators = [];
        if (settings.InsecurePort is not null)
            authenticators.Add(new InsecurePort());
        var proxies = Proxies(settings, authorities, logging);
        if (proxies is not null)
            authenticators.Add(new FrontProxyAuthenticator(proxies.Trust, Options(given.FrontProxy)));
        if (authorities.TrustsAnybody)
            authenticators.Add(new ClientCertificateAuthenticator(authorities.Trust));
        authenticators.Add(bearer);
        if (settings.ClientAuthorityFile.Length > 0 || proxies is not null)
            background.Add(token => WatchFilesAsync(time, authorities, proxies, token));

        return new()
        {
            Authenticators = authenticators,
            VirtualResources = [new TokenRequests(keys, accounts, caches, time), new TokenReviews(bearer), new SelfSubjectReviews(time)],
            Endpoints = OpenIdEndpoint.IsPossible(accounts.Issuers[0]) ? [new OpenIdEndpoint(accounts.Issuers[0], given.JwksUri, address, keys)] : [],
            Background = background,
            AnonymousAllowed = structured.Anonymous?.Enabled ?? settings.AnonymousAuthentication,
            AnonymousPaths = structured.Anonymous?.Paths ?? [],
        };
    }

    /// <summary>The webhook, with a cache of its own: it is asked anew about a token only after a while.</summary>
    private static TokenCache Webhook(AuthenticationSettings given, TimeProvider time, ILoggerFactory logging)
    {
        if (!Kubeconfig.Load(given.TokenWebhookConfigFile, time).TryGet(out var config, out var failure)
            || !config.CurrentTarget().TryGet(out var target, out failure))
        {
            throw new StartupException($"--authentication-token-webhook-config-file: {given.TokenWebhookConfigFile}: {failure.Message}");
        }
        var webhook = new WebhookTokenAuthenticator(
            new WebhookClient(target, new(), time), given.TokenWebhookVersion, given.ApiAudiences, logging.CreateLogger<WebhookTokenAuthenticator>());
        return new(webhook, given.TokenWebhookCacheLife, given.TokenWebhookCacheLife, keepsErrors: false, time);
    }

    private static ClientAuthorityFile? Proxies(ServerSettings settings, ClientAuthorityFile authorities, ILoggerFactory logging)
    {
        var given = settings.Authentication.FrontProxy;
        if (given.ClientAuthorityFile.Length == 0)
            return null;
        var proxies = new ClientAuthorityFile("requestheader-client-ca-file", given.ClientAuthorityFile, null, logging.CreateLogger<ServerTls>());
        if (settings.ClientAuthorityFile.Length > 0 && given.AllowedNames.Count == 0 && Overlap(authorities, proxies))
        {
            throw new StartupException(
                "--requestheader-client-ca-file and --client-ca-file contain overlapping certificates; --requestheader-allowed-names must be specified to ensure regular client certificates cannot set authenticating proxy headers for arbitrary users");
        }
        return proxies;
    }

    private static bool Overlap(ClientAuthorityFile users, ClientAuthorityFile proxies) =>
        users.Read().Any(u => proxies.Read().Any((X509Certificate2 p) => p.RawDataMemory.Span.SequenceEqual(u.RawDataMemory.Span)));

    private static FrontProxyOptions Options(FrontProxySettings given) => new()
    {
        AllowedNames = given.AllowedNames,
        UsernameHeaders = given.UsernameHeaders,
        UidHeaders = given.UidHeaders,
        GroupHeaders = given.GroupHeaders,
        ExtraHeaderPrefixes = given.ExtraHeaderPrefixes,
    };

    /// <summary>Connections that are open stay so for long: whoever is trusted no more must not wait for the next handshake.</summary>
    private static async Task WatchFilesAsync(
        TimeProvider time, ClientAuthorityFile authorities, ClientAuthorityFile? proxies, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_fileInterval, time, cancellationToken);
                authorities.Check(time.GetUtcNow());
                proxies?.Check(time.GetUtcNow());
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private static IReadOnlyDictionary<string, UserInfo> StaticUsers(ServerSettings settings)
    {
        if (settings.TokenFile.Length == 0)
            return new Dictionary<string, UserInfo>();
        try
        {
            var (users, faults) = TokenFile.Parse(File.ReadAllText(settings.TokenFile));
            return faults.Count == 0 ? users
                : throw new StartupException($"--token-auth-file: {settings.TokenFile}: {string.Join("; ", faults)}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--token-auth-file: cannot read {settings.TokenFile}: {fault.Message}", fault);
        }
    }
}
