using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Pilothouse.Objects;

namespace Pilothouse.Server.Webhooks;

/// <summary>
/// What upstream's client says of an answer that is no success (client-go, transformResponse; apimachinery,
/// NewGenericServerResponse): the message of a Status if that is what was answered, otherwise a sentence for the code.
/// </summary>
internal static class UnusableAnswers
{
    private const int MaxShownBytes = 2048;

    public static WebhookFailure Describe(int code, byte[] body, HttpResponseMessage response)
    {
        var message = StatusMessage(body) ?? Sentence(code, TextOf(body, response.Content.Headers.ContentType?.MediaType));
        // 500s have the reason InternalError, 504 Timeout, 429 TooManyRequests; whoever names a time wants to be asked again.
        var transient = code is 429 || (code >= 500 && code != 503) || response.Headers.RetryAfter is not null;
        return new(message) { Code = code, IsTransient = transient };
    }

    private static string? StatusMessage(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("kind", out var kind) && kind.ValueEquals("Status")
                && root.TryGetProperty("apiVersion", out var version) && version.ValueEquals("v1")
                && root.TryGetProperty("status", out var status) && status.ValueEquals("Failure")
                && root.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? message.GetString()
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // Not JSON, or not of that shape: whatever it is, it is no Status.
        }
    }

    private static string TextOf(byte[] body, string? mediaType)
    {
        var shown = body.AsSpan(0, Math.Min(body.Length, MaxShownBytes));
        var isText = mediaType is null ? Utf8.IsValid(shown) : mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase);
        return isText ? Encoding.UTF8.GetString(shown).Trim() : "unknown";
    }

    private static string Sentence(int code, string text) => code switch
    {
        400 => "the server rejected our request for an unknown reason",
        401 => "the server has asked for the client to provide credentials",
        403 or 415 => text,
        404 => "the server could not find the requested resource",
        405 => "the server does not allow this method on the requested resource",
        406 => text is "" or "unknown" ? "the server was unable to respond with a content type that the client supports" : text,
        409 => "the server reported a conflict",
        422 => "the server rejected our request due to an error in our request",
        429 => "the server has received too many requests and has asked us to try again later",
        503 => "the server is currently unable to handle the request",
        504 => "the server was unable to return a response in the time allotted, but may still be processing the request",
        >= 500 => $"an error on the server ({GoText.Quote(text)}) has prevented the request from succeeding",
        _ => $"the server responded with the status code {code} but did not return more information",
    };
}
