namespace Pilothouse.Server.Webhooks;

/// <summary>What came of a call: a body (with a status of 200 to 206), or a failure.</summary>
public readonly record struct WebhookAnswer
{
    private WebhookAnswer(int code, ReadOnlyMemory<byte> body, WebhookFailure? failure) => (Code, Body, Failure) = (code, body, failure);

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int Code { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Null when there is a body to be read.</summary>
    public WebhookFailure? Failure { get; }

    internal static WebhookAnswer Of(int code, byte[] body) => new(code, body, null);

    internal static WebhookAnswer Of(WebhookFailure failure) => new(failure.Code, default, failure);
}
