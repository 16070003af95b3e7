using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>Has no opinion on anything, so that alone it refuses all (<c>--authorization-mode=AlwaysDeny</c>).</summary>
public sealed class AlwaysDeny : IAuthorizer, IRuleResolver
{
    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken) =>
        new(AuthorizationDecision.NoOpinion("Everything is forbidden."));

    public ValueTask<ResolvedRules> RulesForAsync(UserInfo user, string @namespace, CancellationToken cancellationToken) =>
        new(ResolvedRules.None);
}
