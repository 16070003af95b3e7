namespace Pilothouse.Server.Authorization.Webhook;

/// <summary>How a webhook is asked, and what its silence means.</summary>
public sealed record WebhookAuthorizerOptions
{
    /// <summary>What logs and metrics call it.</summary>
    public required string Name { get; init; }

    /// <summary><c>v1</c> or <c>v1beta1</c>: the form of the SubjectAccessReview that is sent.</summary>
    public string Version { get; init; } = "v1";

    /// <summary>How long a webhook's yes counts; zero for no time at all.</summary>
    public TimeSpan AuthorizedTimeToLive { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a webhook's no counts; zero for no time at all.</summary>
    public TimeSpan UnauthorizedTimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A webhook that does not answer, or a condition that cannot be evaluated, refuses the request; otherwise the next is asked.</summary>
    public bool DeniesOnError { get; init; }
}
