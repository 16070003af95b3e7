namespace Pilothouse.Server.Webhooks;

/// <summary>Why a webhook gave no answer that can be used.</summary>
/// <param name="Message">What Go's client says of it: <c>Post "https://…": context deadline exceeded</c>.</param>
public sealed record WebhookFailure(string Message)
{
    /// <summary>The HTTP status that the webhook answered; 0 when there was no answer.</summary>
    public int Code { get; init; }

    /// <summary>It may go away by itself, so that asking again makes sense.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The webhook did not answer in time.</summary>
    public bool IsTimeout { get; init; }

    public override string ToString() => Message;
}
