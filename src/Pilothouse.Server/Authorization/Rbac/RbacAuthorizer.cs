using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>
/// Allows what roles allow (<c>--authorization-mode=RBAC</c>). What they do not allow it has no opinion on; it says why only where
/// a role that somebody is bound to does not exist.
/// </summary>
public sealed class RbacAuthorizer(RbacPolicy policy, Freshness freshness) : IAuthorizer, IRuleResolver
{
    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        var snapshot = policy.Current;
        return snapshot.Allows(attributes, out var binding)
            ? new(AuthorizationDecision.Allow(binding!.ReasonFor(attributes.User)))
            : LookAgainAsync(attributes, snapshot, cancellationToken);
    }

    public ValueTask<ResolvedRules> RulesForAsync(UserInfo user, string @namespace, CancellationToken cancellationToken) =>
        new(RbacResolver.RulesFor(policy.Current, user, @namespace, RbacResolver.AsListed));

    private async ValueTask<AuthorizationDecision> LookAgainAsync(
        AuthorizationAttributes attributes, RbacSnapshot asked, CancellationToken cancellationToken)
    {
        await freshness.CatchUpAsync(cancellationToken);
        var snapshot = policy.Current;
        if (!ReferenceEquals(snapshot, asked) && snapshot.Allows(attributes, out var binding))
            return AuthorizationDecision.Allow(binding!.ReasonFor(attributes.User));
        return AuthorizationDecision.NoOpinion(snapshot.HasMissingRoles(attributes.User, attributes.Namespace)
            ? $"RBAC: {ErrorList.Join(RbacResolver.RulesFor(snapshot, attributes.User, attributes.Namespace, RbacResolver.AsListed).Errors)}"
            : "");
    }
}
