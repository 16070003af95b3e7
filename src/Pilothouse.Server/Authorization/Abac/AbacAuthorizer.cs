using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Abac;

/// <summary>Allows what a policy file allows (<c>--authorization-mode=ABAC</c>). The file is read once, at start.</summary>
public sealed class AbacAuthorizer : IAuthorizer, IRuleResolver
{
    private readonly AbacPolicy[] _policies;

    private AbacAuthorizer(IEnumerable<AbacPolicy> policies) => _policies = [.. policies];

    /// <param name="text">The policy file.</param>
    /// <returns>The authorizer, and what is wrong with the file.</returns>
    public static (AbacAuthorizer Authorizer, IReadOnlyList<string> Faults) Parse(string text)
    {
        var (policies, faults) = AbacPolicyFile.Parse(text);
        return (new(policies), faults);
    }

    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken) =>
        new(Array.Exists(_policies, p => Allows(p, attributes))
            ? AuthorizationDecision.Allow() : AuthorizationDecision.NoOpinion("No policy matched."));

    public ValueTask<ResolvedRules> RulesForAsync(UserInfo user, string @namespace, CancellationToken cancellationToken)
    {
        var rules = new List<PolicyRule>();
        foreach (var policy in _policies.Where(p => IsFor(p, user) && (p.Namespace == PolicyRule.All || p.Namespace == @namespace)))
        {
            string[] verbs = policy.ReadOnly ? ["get", "list", "watch"] : [PolicyRule.All];
            if (policy.Resource.Length > 0)
                rules.Add(new() { Verbs = verbs, ApiGroups = [policy.ApiGroup], Resources = [policy.Resource] });
            if (policy.NonResourcePath.Length > 0)
                rules.Add(new() { Verbs = verbs, NonResourceUrls = [policy.NonResourcePath] });
        }
        return new(new ResolvedRules { Rules = rules });
    }

    private static bool Allows(AbacPolicy policy, AuthorizationAttributes attributes)
    {
        if (!IsFor(policy, attributes.User) || (policy.ReadOnly && !attributes.IsReadOnly))
            return false;
        return attributes.IsResourceRequest
            ? Is(policy.Namespace, attributes.Namespace) && Is(policy.Resource, attributes.Resource) && Is(policy.ApiGroup, attributes.Group)
            : PolicyRule.CoversUrl(policy.NonResourcePath, attributes.Path);
    }

    private static bool Is(string mine, string asked) => mine == PolicyRule.All || mine == asked;

    private static bool IsFor(AbacPolicy policy, UserInfo user) =>
        (policy.User.Length > 0 || policy.Group.Length > 0)
        && (policy.User.Length == 0 || policy.User == user.Name)
        && (policy.Group.Length == 0 || user.IsIn(policy.Group));
}
