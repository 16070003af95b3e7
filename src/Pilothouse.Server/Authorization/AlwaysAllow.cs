using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>Lets everyone do everything (<c>--authorization-mode=AlwaysAllow</c>).</summary>
public sealed class AlwaysAllow : IAuthorizer, IRuleResolver
{
    private static readonly ResolvedRules Everything = new()
    {
        Rules =
        [
            new() { Verbs = [PolicyRule.All], ApiGroups = [PolicyRule.All], Resources = [PolicyRule.All] },
            new() { Verbs = [PolicyRule.All], NonResourceUrls = [PolicyRule.All] },
        ],
    };

    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken) =>
        new(AuthorizationDecision.Allow());

    public ValueTask<ResolvedRules> RulesForAsync(UserInfo user, string @namespace, CancellationToken cancellationToken) => new(Everything);
}
