using Microsoft.Extensions.Logging;
using Pilothouse.Certificates;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication;
using Pilothouse.Server.Authentication.Reviews;
using Pilothouse.Server.Authentication.ServiceAccounts;
using Pilothouse.Server.Authentication.Tokens;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;
using Pilothouse.Settings;

namespace Pilothouse.Hosting;

/// <summary>Who is asked who a request comes from, by the settings; and what else belongs to that.</summary>
internal sealed record AuthenticationComposition
{
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

        // Tokens: ours first, then those that others must be asked about.
        List<ITokenAuthenticator> tokens =
        [
            new SecretTokenAuthenticator(keys, accounts, caches),
            new ServiceAccountTokenAuthenticator(keys, accounts, caches, time),
        ];
        var bearer = new BearerTokenAuthenticator(
            new StaticTokens(StaticUsers(settings)), tokens, given.ApiAudiences, time, logging.CreateLogger<BearerTokenAuthenticator>());

        List<IAuthenticator> authenticators = [];
        if (settings.InsecurePort is not null)
            authenticators.Add(new InsecurePort());
        if (authorities.TrustsAnybody)
            authenticators.Add(new ClientCertificateAuthenticator(authorities.Trust));
        authenticators.Add(bearer);

        return new()
        {
            Authenticators = authenticators,
            VirtualResources = [new TokenRequests(keys, accounts, caches, time), new TokenReviews(bearer), new SelfSubjectReviews(time)],
            Endpoints = OpenIdEndpoint.IsPossible(accounts.Issuers[0]) ? [new OpenIdEndpoint(accounts.Issuers[0], given.JwksUri, address, keys)] : [],
            Background = [],
            AnonymousAllowed = settings.AnonymousAuthentication,
            AnonymousPaths = [],
        };
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
