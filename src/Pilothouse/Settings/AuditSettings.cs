using Pilothouse.Server.Auditing;

namespace Pilothouse.Settings;

/// <summary>What is written down of requests, and where. Made by <see cref="AuditSettingsReader"/>.</summary>
internal sealed record AuditSettings
{
    /// <summary>Empty: nothing is written down.</summary>
    public required string PolicyFile { get; init; }

    /// <summary>Null for no log.</summary>
    public required AuditLogOptions? Log { get; init; }

    public required AuditDelivery LogDelivery { get; init; }

    /// <summary>The kubeconfig that names the webhook; empty for none.</summary>
    public required string WebhookFile { get; init; }

    public required AuditDelivery WebhookDelivery { get; init; }

    /// <summary>How long the first repetition of a failed delivery waits.</summary>
    public required TimeSpan WebhookBackoff { get; init; }
}
