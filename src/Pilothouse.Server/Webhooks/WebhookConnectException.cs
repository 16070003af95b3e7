namespace Pilothouse.Server.Webhooks;

/// <summary>No connection to a webhook; the message is Go's. Never leaves <see cref="WebhookClient"/>.</summary>
internal sealed class WebhookConnectException(string message, bool isReset = false, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>The other side hung up: it may be starting.</summary>
    public bool IsReset { get; } = isReset;
}
