using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>Asks the authorizers in order: the first allow or deny is final; when none has an opinion the answer is no.</summary>
public sealed class AuthorizerChain(IReadOnlyList<IAuthorizer> authorizers) : IAuthorizer, IRuleResolver
{
    private readonly IAuthorizer[] _authorizers = [.. authorizers];

    public async ValueTask<AuthorizationDecision> AuthorizeAsync(
        AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        List<string>? reasons = null;
        List<string>? errors = null;
        foreach (var authorizer in _authorizers)
        {
            var decision = await authorizer.AuthorizeAsync(attributes, cancellationToken);
            if (decision.Verdict != AuthorizationVerdict.NoOpinion)
                return decision;
            if (decision.Reason.Length > 0)
                (reasons ??= []).Add(decision.Reason);
            if (decision.Error.Length > 0)
                (errors ??= []).Add(decision.Error);
        }
        return AuthorizationDecision.NoOpinion(
            reasons is null ? "" : string.Join("\n", reasons), errors is null ? "" : ErrorList.Join(errors));
    }

    /// <summary>What all authorizers that can say so know; those that cannot are silent.</summary>
    public async ValueTask<ResolvedRules> RulesForAsync(UserInfo user, string @namespace, CancellationToken cancellationToken)
    {
        var rules = new List<PolicyRule>();
        var errors = new List<string>();
        var incomplete = false;
        foreach (var resolver in _authorizers.OfType<IRuleResolver>())
        {
            var resolved = await resolver.RulesForAsync(user, @namespace, cancellationToken);
            rules.AddRange(resolved.Rules);
            if (resolved.Errors.Count > 0)
                errors.Add(ErrorList.Join(resolved.Errors));
            incomplete |= resolved.Incomplete;
        }
        return new() { Rules = rules, Errors = errors, Incomplete = incomplete };
    }

    /// <summary>The refusal that a client gets.</summary>
    public static Status Refuse(AuthorizationAttributes attributes, string reason)
    {
        var user = GoText.Quote(attributes.User.Name);
        var resource = attributes.Subresource.Length > 0 ? $"{attributes.Resource}/{attributes.Subresource}" : attributes.Resource;
        var text = Harmless(!attributes.IsResourceRequest
            ? $"User {user} cannot {attributes.Verb} path {GoText.Quote(attributes.Path)}"
            : $"User {user} cannot {attributes.Verb} resource {GoText.Quote(resource)} in API group {GoText.Quote(attributes.Group)} "
              + (attributes.Namespace.Length > 0 ? $"in the namespace {GoText.Quote(attributes.Namespace)}" : "at the cluster scope"));
        return Status.Forbidden(
            new(attributes.Group, attributes.Resource), attributes.Name, reason.Length == 0 ? text : $"{text}: {reason}");
    }

    /// <summary>A refusal names what the client sent: nothing in it may look like HTML.</summary>
    internal static string Harmless(string text) =>
        text.AsSpan().ContainsAny('&', '<', '>') ? text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;") : text;
}
