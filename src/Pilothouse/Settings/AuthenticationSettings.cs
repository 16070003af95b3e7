using Pilothouse.Server.Authentication.ServiceAccounts;

namespace Pilothouse.Settings;

/// <summary>How callers are known, beside client certificates and the file of static tokens. Made by <see cref="AuthenticationSettingsReader"/>.</summary>
internal sealed record AuthenticationSettings
{
    /// <summary>What this server calls itself.</summary>
    public required IReadOnlyList<string> ApiAudiences { get; init; }

    /// <summary>Secrets of the type bootstrap.kubernetes.io/token count as tokens.</summary>
    public required bool BootstrapTokens { get; init; }

    public required ServiceAccountOptions ServiceAccounts { get; init; }

    /// <summary>The key that signs tokens; empty when one is to be made.</summary>
    public required string ServiceAccountSigningKeyFile { get; init; }

    /// <summary>The keys whose signatures count; empty for the one that signs.</summary>
    public required IReadOnlyList<string> ServiceAccountKeyFiles { get; init; }

    /// <summary>Where others find the keys; empty for this server.</summary>
    public required string JwksUri { get; init; }

    public required FrontProxySettings FrontProxy { get; init; }

    /// <summary>A kubeconfig; empty for no webhook.</summary>
    public required string TokenWebhookConfigFile { get; init; }

    /// <summary>v1 or v1beta1.</summary>
    public required string TokenWebhookVersion { get; init; }

    public required TimeSpan TokenWebhookCacheLife { get; init; }

    /// <summary>An AuthenticationConfiguration; empty for none.</summary>
    public required string ConfigFile { get; init; }

    public required bool AnonymousFlagGiven { get; init; }

    /// <summary>Null when the flags name no provider.</summary>
    public required OidcFlags? Oidc { get; init; }
}
