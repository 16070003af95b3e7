namespace Pilothouse.Server.Webhooks;

/// <summary>How webhooks are called.</summary>
public sealed record WebhookClientOptions
{
    /// <summary>Bytes of an answer that are read; a longer one is a failure.</summary>
    public int MaxAnswerBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Calls to one webhook at the same time; further ones wait for their turn, within their time.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>How often and how soon calls that failed for a while are repeated, where the caller asks for that.</summary>
    public WebhookBackoff Backoff { get; init; } = new();
}
