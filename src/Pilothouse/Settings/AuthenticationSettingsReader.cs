using Pilothouse.Flags;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication.Tokens;

namespace Pilothouse.Settings;

/// <summary>Makes <see cref="AuthenticationSettings"/> of the flags; what is wrong with them goes to the reader's list.</summary>
internal sealed class AuthenticationSettingsReader(FlagValues flags, List<string> faults)
{
    /// <summary>kube-apiserver wants to be told; this is what clusters mostly say.</summary>
    private const string DefaultIssuer = "https://kubernetes.default.svc";

    public AuthenticationSettings Read()
    {
        var issuers = Issuers();
        var audiences = flags.List("api-audiences") is { Count: > 0 } given ? given : issuers;
        return new()
        {
            ApiAudiences = audiences,
            BootstrapTokens = flags.Bool("enable-bootstrap-token-auth"),
            ServiceAccounts = new()
            {
                Issuers = issuers,
                Audiences = audiences,
                MaxExpiration = MaxExpiration(),
                ExtendsExpiration = flags.Bool("service-account-extend-token-expiration"),
                Lookup = flags.Bool("service-account-lookup"),
            },
            ServiceAccountSigningKeyFile = File("service-account-signing-key-file"),
            ServiceAccountKeyFiles = KeyFiles(),
            JwksUri = JwksUri(),
            FrontProxy = FrontProxy(),
            TokenWebhookConfigFile = File("authentication-token-webhook-config-file"),
            TokenWebhookVersion = WebhookVersion(),
            TokenWebhookCacheLife = flags.Duration("authentication-token-webhook-cache-ttl"),
            ConfigFile = File("authentication-config"),
            AnonymousFlagGiven = flags.IsGiven("anonymous-auth"),
            Oidc = Oidc(),
        };
    }

    private IReadOnlyList<string> Issuers()
    {
        if (!flags.IsGiven("service-account-issuer"))
            return [DefaultIssuer];
        var issuers = flags.List("service-account-issuer");
        foreach (var issuer in issuers.Where(i => i.Contains(':') && !Uri.TryCreate(i, UriKind.Absolute, out _)))
            faults.Add($"service-account-issuer {GoText.Quote(issuer)} contained a ':' but was not a valid URL");
        foreach (var issuer in issuers.GroupBy(i => i).Where(g => g.Count() > 1))
            faults.Add($"service-account-issuer {GoText.Quote(issuer.Key)} is already specified");
        if (issuers.Count == 0)
            faults.Add("service-account-issuer should not be an empty string");
        return issuers.Count == 0 ? [DefaultIssuer] : issuers;
    }

    private TimeSpan MaxExpiration()
    {
        var most = flags.Duration("service-account-max-token-expiration");
        if (most != TimeSpan.Zero && (most < TimeSpan.FromHours(1) || most.TotalSeconds > 1L << 32))
            faults.Add("the service-account-max-token-expiration must be between 1 hour and 2^32 seconds");
        return most;
    }

    private IReadOnlyList<string> KeyFiles()
    {
        var files = flags.List("service-account-key-file");
        foreach (var missing in files.Where(f => !System.IO.File.Exists(f)))
            faults.Add($"--service-account-key-file: there is no file {missing}");
        if (files.Count > 0 && flags.String("service-account-signing-key-file").Length == 0)
            faults.Add("--service-account-signing-key-file is needed with --service-account-key-file: tokens could not be signed");
        return files;
    }

    private string JwksUri()
    {
        var address = flags.String("service-account-jwks-uri");
        if (address.Length > 0 && !(Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps))
            faults.Add($"service-account-jwks-uri requires https scheme, parsed as: {address}");
        return address;
    }

    private FrontProxySettings FrontProxy()
    {
        var settings = new FrontProxySettings
        {
            ClientAuthorityFile = File("requestheader-client-ca-file"),
            AllowedNames = flags.List("requestheader-allowed-names"),
            UsernameHeaders = Trimmed("requestheader-username-headers"),
            UidHeaders = Trimmed("requestheader-uid-headers"),
            GroupHeaders = Trimmed("requestheader-group-headers"),
            ExtraHeaderPrefixes = Trimmed("requestheader-extra-headers-prefix"),
        };
        if (settings.ClientAuthorityFile.Length > 0 && settings.UsernameHeaders.Count == 0)
            faults.Add("--requestheader-username-headers must be set with --requestheader-client-ca-file");
        return settings;
    }

    private string[] Trimmed(string flag) => [.. flags.List(flag).Select(h => h.Trim()).Where(h => h.Length > 0)];

    private string WebhookVersion()
    {
        var version = flags.String("authentication-token-webhook-version");
        if (version is not ("v1" or "v1beta1"))
            faults.Add($"unsupported authentication webhook version {GoText.Quote(version)}, supported versions are \"v1\", \"v1beta1\"");
        return version;
    }

    private OidcFlags? Oidc()
    {
        var url = flags.String("oidc-issuer-url");
        var client = flags.String("oidc-client-id");
        if (flags.String("authentication-config").Length > 0)
        {
            if (flags.Given.Any(f => f.StartsWith("oidc-", StringComparison.Ordinal)))
                faults.Add("authentication-config file and oidc-* flags are mutually exclusive");
            return null;
        }
        if (url.Length > 0 != client.Length > 0)
            faults.Add("oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set");
        if (url.Length == 0 || client.Length == 0)
            return null;
        var algorithms = flags.List("oidc-signing-algs");
        foreach (var algorithm in algorithms.Where(a => !TokenAlgorithms.All.Contains(a)))
            faults.Add($"oidc: unsupported signing alg: {GoText.Quote(algorithm)}");
        return new()
        {
            IssuerUrl = url,
            ClientId = client,
            CaFile = File("oidc-ca-file"),
            UsernameClaim = flags.String("oidc-username-claim"),
            UsernamePrefix = flags.String("oidc-username-prefix"),
            GroupsClaim = flags.String("oidc-groups-claim"),
            GroupsPrefix = flags.String("oidc-groups-prefix"),
            SigningAlgorithms = algorithms,
            RequiredClaims = flags.Map("oidc-required-claim"),
        };
    }

    private string File(string flag)
    {
        var path = flags.String(flag);
        if (path.Length > 0 && !System.IO.File.Exists(path))
            faults.Add($"--{flag}: there is no file {path}");
        return path;
    }
}
