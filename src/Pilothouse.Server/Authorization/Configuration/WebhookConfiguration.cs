namespace Pilothouse.Server.Authorization.Configuration;

/// <summary>A webhook of an AuthorizationConfiguration, complete and checked.</summary>
public sealed record WebhookConfiguration
{
    public required TimeSpan AuthorizedTimeToLive { get; init; }

    public required TimeSpan UnauthorizedTimeToLive { get; init; }

    /// <summary>At most 30 seconds.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>v1 or v1beta1.</summary>
    public required string ReviewVersion { get; init; }

    /// <summary>failurePolicy Deny, rather than NoOpinion.</summary>
    public required bool DeniesOnError { get; init; }

    /// <summary>A kubeconfig that names the webhook; absolute.</summary>
    public required string KubeconfigFile { get; init; }

    /// <summary>CEL expressions, all of which must hold; none for "always".</summary>
    public required IReadOnlyList<string> MatchConditions { get; init; }
}
