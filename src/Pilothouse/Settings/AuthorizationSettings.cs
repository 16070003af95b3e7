namespace Pilothouse.Settings;

/// <summary>Who may do what: which authorizers are asked, in order, and what they need.</summary>
internal sealed record AuthorizationSettings
{
    /// <summary>AlwaysAllow, AlwaysDeny, ABAC, RBAC, Node, Webhook: in the order in which they are asked.</summary>
    public required IReadOnlyList<string> Modes { get; init; }

    /// <summary>ABAC's; empty when not given.</summary>
    public required string PolicyFile { get; init; }

    /// <summary>The webhook's kubeconfig; empty when not given.</summary>
    public required string WebhookFile { get; init; }

    /// <summary>v1 or v1beta1.</summary>
    public required string WebhookVersion { get; init; }

    public required TimeSpan WebhookAuthorizedTimeToLive { get; init; }

    public required TimeSpan WebhookUnauthorizedTimeToLive { get; init; }

    /// <summary>An AuthorizationConfiguration, which then says all of the above; empty when not given.</summary>
    public required string ConfigurationFile { get; init; }
}
