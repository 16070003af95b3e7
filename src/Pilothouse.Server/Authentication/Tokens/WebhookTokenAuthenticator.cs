using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication.Reviews;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>
/// Asks a webhook whom a token stands for, with a TokenReview (<c>--authentication-token-webhook-config-file</c>). A webhook
/// that cannot be reached refuses nobody for long: only what it said is kept, by the cache around.
/// </summary>
public sealed partial class WebhookTokenAuthenticator(
    WebhookClient client, string version, IReadOnlyList<string> ownAudiences, ILogger<WebhookTokenAuthenticator> log) : ITokenAuthenticator
{
    /// <summary>Upstream's, for each try.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly string _apiVersion = "authentication.k8s.io/" + version;

    public async ValueTask<TokenAnswer> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        var answer = await client.PostWithRetriesAsync(Question(token, audiences), s_timeout, cancellationToken);
        if (answer.Failure is { } failure)
        {
            Failed(log, failure.Message);
            return TokenAnswer.Refused(failure.Message);
        }
        if (ForeignJson.Read(answer.Body.Span) is not { } review)
        {
            const string unreadable = "the webhook's answer is no TokenReview";
            Failed(log, unreadable);
            return TokenAnswer.Refused(unreadable);
        }
        if ((review.Text("kind"), review.Text("apiVersion")) is not (null or "" or "TokenReview", var answered)
            || (answered is { Length: > 0 } && answered != _apiVersion))
        {
            var other = $"the webhook answered {GoText.Quote($"{review.Text("apiVersion")}, {review.Text("kind")}")}, not {_apiVersion}, TokenReview";
            Failed(log, other);
            return TokenAnswer.Refused(other);
        }
        var status = review.Object("status");

        // Whom the token is for: as the webhook says, and if it says nothing, this server.
        var named = status.List("audiences") is { Count: > 0 } given ? given.Select(a => a.AsText() ?? "").ToList() : ownAudiences;
        var common = AudienceAgnostic.Common(audiences, named);
        if (common.Count == 0)
            return TokenAnswer.Unknown;
        if (status?.Flag("authenticated") != true)
            return status?.Text("error") is { Length: > 0 } error ? TokenAnswer.Refused(error) : TokenAnswer.Unknown;
        return TokenAnswer.Of(UserJson.Read(status.Object("user")), common);
    }

    private ReadOnlyMemory<byte> Question(string token, IReadOnlyList<string> audiences)
    {
        var output = new ArrayBufferWriter<byte>(256 + token.Length);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("kind"u8, "TokenReview"u8);
        json.WriteString("apiVersion"u8, _apiVersion);
        json.WriteStartObject("metadata"u8);
        json.WriteEndObject();
        json.WriteStartObject("spec"u8);
        json.WriteString("token"u8, token);
        json.WriteStartArray("audiences"u8);
        foreach (var audience in audiences)
            json.WriteStringValue(audience);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("status"u8);
        json.WriteStartObject("user"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    [LoggerMessage(1, LogLevel.Error, "Failed to make webhook authenticator request: {Error}")]
    private static partial void Failed(ILogger log, string error);
}
