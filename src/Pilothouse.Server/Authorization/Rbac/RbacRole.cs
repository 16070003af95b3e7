namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>A Role or a ClusterRole, its rules compiled when they are first needed. Immutable.</summary>
internal sealed class RbacRole(string @namespace, string name, IReadOnlyList<PolicyRule> rules)
{
    private RuleSet? _compiled;

    /// <summary>Empty for a ClusterRole.</summary>
    public string Namespace { get; } = @namespace;

    public string Name { get; } = name;

    public IReadOnlyList<PolicyRule> Rules { get; } = rules;

    /// <summary>Two threads that race compile the same thing twice, once in a role's life.</summary>
    public RuleSet Compiled => _compiled ??= new(Rules.Select(r => (r, (RbacBinding?)null)));
}
