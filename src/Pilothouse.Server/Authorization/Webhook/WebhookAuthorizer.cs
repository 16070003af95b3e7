using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Authorization.Webhook;

/// <summary>
/// Asks a server elsewhere (<c>--authorization-mode=Webhook</c>, <c>--authorization-config</c>): it is sent a SubjectAccessReview
/// and answers with its status. Answers are remembered for a while.
/// </summary>
public sealed class WebhookAuthorizer : IAuthorizer, IRuleResolver, IDisposable
{
    private const int RememberedAnswers = 8192;

    /// <summary>Questions whose texts, which the caller chooses, are longer than this are not remembered.</summary>
    private const int MaxRememberedTexts = 10_000;

    private readonly WebhookClient _client;
    private readonly WebhookAuthorizerOptions _options;
    private readonly IMatchConditions? _conditions;
    private readonly DecisionCache _answers;
    private readonly ILogger _log;

    /// <param name="client">Calls the webhook; disposed of with this.</param>
    /// <param name="options">How it is asked.</param>
    /// <param name="conditions">Which requests it is asked about; null for all.</param>
    /// <param name="time">Tells when answers are too old.</param>
    /// <param name="log">Told of webhooks that do not answer.</param>
    public WebhookAuthorizer(
        WebhookClient client, WebhookAuthorizerOptions options, IMatchConditions? conditions, TimeProvider time, ILogger log)
    {
        (_client, _options, _conditions, _log) = (client, options, conditions, log);
        _answers = new(RememberedAnswers, time);
    }

    public async ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        if (_conditions is not null)
        {
            if (!_conditions.Matches(AccessReviewJson.Of(attributes, "v1")).TryGet(out var matches, out var unknown))
                return OnError(unknown.Message);
            if (!matches)
                return AuthorizationDecision.NoOpinion();
        }
        var review = AccessReviewJson.Of(attributes, _options.Version);
        var key = review["spec"]!.ToJsonString();
        if (_answers.TryGet(key, out var remembered))
            return remembered;
        var answer = await _client.PostWithRetriesAsync(Encoding.UTF8.GetBytes(review.ToJsonString()), _options.Timeout, cancellationToken);
        if (answer.Failure is { } failure)
        {
            WebhookAuthorizerLog.Failed(_log, _options.Name, failure.Message);
            return OnError(failure.Message);
        }
        if (!Read(answer.Body).TryGet(out var decision, out var unreadable))
        {
            WebhookAuthorizerLog.Failed(_log, _options.Name, unreadable.Message);
            return OnError(unreadable.Message);
        }
        if (IsRemembered(attributes))
            _answers.Add(key, decision, decision.IsAllowed ? _options.AuthorizedTimeToLive : _options.UnauthorizedTimeToLive);
        return decision;
    }

    public ValueTask<ResolvedRules> RulesForAsync(UserInfo user, string @namespace, CancellationToken cancellationToken) =>
        new(new ResolvedRules { Incomplete = true, Errors = ["webhook authorizer does not support user rule resolution"] });

    public void Dispose() => _client.Dispose();

    private AuthorizationDecision OnError(string error) =>
        _options.DeniesOnError ? AuthorizationDecision.Deny("", error) : AuthorizationDecision.NoOpinion("", error);

    private static Outcome<AuthorizationDecision> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var root = answer.RootElement;
            if (root.ValueKind != JsonValueKind.Object || root.Text("kind") is not ("SubjectAccessReview" or ""))
                return Status.BadRequest("the webhook's answer is no SubjectAccessReview");
            var reason = root.Text("status", "reason");
            var denied = root.At("status", "denied").ValueKind == JsonValueKind.True;
            var allowed = root.At("status", "allowed").ValueKind == JsonValueKind.True;
            return (denied, allowed) switch
            {
                (true, true) => AuthorizationDecision.Deny(reason, "webhook subject access review returned both allow and deny response"),
                (true, false) => AuthorizationDecision.Deny(reason),
                (false, true) => AuthorizationDecision.Allow(reason),
                _ => AuthorizationDecision.NoOpinion(reason),
            };
        }
        catch (JsonException fault)
        {
            return Status.BadRequest($"the webhook's answer cannot be read: {fault.Message}");
        }
    }

    private static bool IsRemembered(AuthorizationAttributes attributes) =>
        attributes.Namespace.Length + attributes.Verb.Length + attributes.Group.Length + attributes.Version.Length
        + attributes.Resource.Length + attributes.Subresource.Length + attributes.Name.Length + attributes.Path.Length
        < MaxRememberedTexts;
}
