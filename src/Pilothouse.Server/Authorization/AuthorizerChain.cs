using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>Asks the authorizers in order: the first allow or deny is final; when none has an opinion the answer is no.</summary>
public sealed class AuthorizerChain(IReadOnlyList<IAuthorizer> authorizers) : IAuthorizer
{
    private readonly IAuthorizer[] _authorizers = [.. authorizers];

    public async ValueTask<AuthorizationDecision> AuthorizeAsync(
        AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        List<string>? reasons = null;
        foreach (var authorizer in _authorizers)
        {
            var decision = await authorizer.AuthorizeAsync(attributes, cancellationToken);
            if (decision.Reason.Length > 0)
                (reasons ??= []).Add(decision.Reason);
            if (decision.Verdict == AuthorizationVerdict.Allow)
                return decision;
            if (decision.Verdict == AuthorizationVerdict.Deny)
                return AuthorizationDecision.Deny(Join(reasons));
        }
        return AuthorizationDecision.NoOpinion(Join(reasons));
    }

    private static string Join(List<string>? reasons) => reasons is null ? "" : string.Join("\n", reasons);

    /// <summary>The refusal that a client gets.</summary>
    public static Status Refuse(AuthorizationAttributes attributes, string reason)
    {
        var user = GoText.Quote(attributes.User.Name);
        var resource = attributes.Subresource.Length > 0 ? $"{attributes.Resource}/{attributes.Subresource}" : attributes.Resource;
        var text = !attributes.IsResourceRequest
            ? $"User {user} cannot {attributes.Verb} path {GoText.Quote(attributes.Path)}"
            : $"User {user} cannot {attributes.Verb} resource {GoText.Quote(resource)} in API group {GoText.Quote(attributes.Group)} "
              + (attributes.Namespace.Length > 0 ? $"in the namespace {GoText.Quote(attributes.Namespace)}" : "at the cluster scope");
        return Status.Forbidden(
            new(attributes.Group, attributes.Resource), attributes.Name, reason.Length == 0 ? text : $"{text}: {reason}");
    }
}
