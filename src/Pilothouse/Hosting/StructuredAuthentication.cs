using Microsoft.Extensions.Logging;
using Pilothouse.Certificates;
using Pilothouse.Server.Authentication.Oidc;
using Pilothouse.Server.Webhooks;
using Pilothouse.Settings;

namespace Pilothouse.Hosting;

/// <summary>The providers of identities: those of <c>--authentication-config</c>, or the one of the <c>--oidc-*</c> flags.</summary>
internal sealed class StructuredAuthentication
{
    private readonly ServerSettings _settings;
    private readonly ILogger _log;
    private readonly IClaimExpressionCompiler _compiler = new CelClaimExpressions();
    private (long, long, long, long) _stamp;

    private StructuredAuthentication(ServerSettings settings, ILogger log) => (_settings, _log) = (settings, log);

    public IReadOnlyList<JwtAuthenticatorOptions> Providers { get; private set; } = [];

    /// <summary>There are some, or may come to be.</summary>
    public bool HasProviders => Providers.Count > 0 || File.Length > 0;

    /// <summary>Null where the file says nothing of it. It is read once: later changes of it need a restart, as upstream.</summary>
    public AnonymousOptions? Anonymous { get; private set; }

    /// <summary>Gives the providers of a file that has changed since the last call; null where there is no file.</summary>
    public Func<IReadOnlyList<JwtAuthenticatorOptions>?>? Changed => File.Length > 0 ? Reload : null;

    private string File => _settings.Authentication.ConfigFile;

    /// <exception cref="StartupException">The file, or one that the flags name, cannot be used.</exception>
    public static StructuredAuthentication Open(ServerSettings settings, ILoggerFactory logging)
    {
        var structured = new StructuredAuthentication(settings, logging.CreateLogger("Pilothouse.Hosting.StructuredAuthentication"));
        if (structured.File.Length > 0)
        {
            structured._stamp = FileStamp.Of(structured.File);
            if (structured.Read(out var error) is not { } configuration)
                throw new StartupException($"failed to load authentication configuration from file {structured.File}: {error}");
            if (configuration.Anonymous is not null && settings.Authentication.AnonymousFlagGiven)
                throw new StartupException("anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file");
            structured.Providers = configuration.Jwt;
            structured.Anonymous = configuration.Anonymous;
        }
        else if (settings.Authentication.Oidc is { } flags)
        {
            structured.Providers = [Of(flags)];
        }
        return structured;
    }

    private IReadOnlyList<JwtAuthenticatorOptions>? Reload()
    {
        var stamp = FileStamp.Of(File);
        if (stamp == _stamp)
            return null;
        _stamp = stamp;
        if (Read(out var error) is { } configuration)
            return configuration.Jwt;
        CertificateLog.ConfigurationKept(_log, $"{File}: {error}");
        return null;
    }

    private AuthenticationConfiguration? Read(out string error)
    {
        error = "";
        try
        {
            if (AuthenticationConfigurationReader.Parse(System.IO.File.ReadAllBytes(File), _compiler, _settings.Authentication.ServiceAccounts.Issuers)
                .TryGet(out var configuration, out var failure))
            {
                return configuration;
            }
            error = failure.Message;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            error = fault.Message;
        }
        return null;
    }

    private static JwtAuthenticatorOptions Of(OidcFlags flags)
    {
        var prefix = flags.UsernamePrefix switch
        {
            // Names of different providers must not be mixed up, unless one says so.
            "" when flags.UsernameClaim != "email" => flags.IssuerUrl + "#",
            "-" => "",
            var given => given,
        };
        if (!Uri.TryCreate(flags.IssuerUrl, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps)
            throw new StartupException($"invalid authentication configuration: jwt[0].issuer.url: Invalid value: \"{flags.IssuerUrl}\": URL scheme must be https");
        return new()
        {
            IssuerUrl = flags.IssuerUrl,
            CertificateAuthority = Authority(flags.CaFile),
            Audiences = [flags.ClientId],
            Algorithms = flags.SigningAlgorithms.Count > 0 ? flags.SigningAlgorithms : ["RS256"],
            Username = new() { Claim = flags.UsernameClaim, Prefix = prefix },
            Groups = flags.GroupsClaim.Length == 0 ? null : new() { Claim = flags.GroupsClaim, Prefix = flags.GroupsPrefix },
            RequiredClaims = flags.RequiredClaims,
        };
    }

    private static string Authority(string file)
    {
        if (file.Length == 0)
            return "";
        try
        {
            var pem = System.IO.File.ReadAllText(file);
            return WebhookTarget.ReadAuthorities(System.Text.Encoding.UTF8.GetBytes(pem)).TryGet(out _, out var failure) ? pem
                : throw new StartupException($"--oidc-ca-file: {file}: {failure.Message}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--oidc-ca-file: cannot read {file}: {fault.Message}", fault);
        }
    }
}
