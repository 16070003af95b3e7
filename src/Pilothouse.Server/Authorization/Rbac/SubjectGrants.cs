namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>The bindings of one scope that name one user or one group, in the order of their keys. Immutable but for what it remembers.</summary>
internal sealed class SubjectGrants
{
    /// <summary>With more roles than this their rules are arranged together, once, instead of asked role by role.</summary>
    private const int RolesAskedOneByOne = 4;

    /// <summary>One binding for each role: a second one to the same role gives nothing more.</summary>
    private readonly RbacBinding[] _roles;

    private volatile Merged? _merged;

    public SubjectGrants(IEnumerable<RbacBinding> bindings)
    {
        Bindings = [.. bindings.OrderBy(b => b.Key, StringComparer.Ordinal)];
        var roles = new Dictionary<(string, string), RbacBinding>();
        foreach (var binding in Bindings)
            roles.TryAdd((binding.RoleKind, binding.RoleName), binding);
        _roles = [.. roles.Values];
    }

    public RbacBinding[] Bindings { get; }

    /// <summary>Whether one of the roles allows it, and through which binding.</summary>
    public bool Allows(RbacRoles roles, in RbacQuestion question, out RbacBinding? through)
    {
        if (_roles.Length > RolesAskedOneByOne)
            return MergedFor(roles).Rules.Allows(question, out through);
        foreach (var binding in _roles)
        {
            if (roles.Find(binding) is { } role && role.Compiled.Allows(question, out _))
            {
                through = binding;
                return true;
            }
        }
        through = null;
        return false;
    }

    /// <summary>Whether one of the roles does not exist.</summary>
    public bool HasMissing(RbacRoles roles)
    {
        if (_roles.Length > RolesAskedOneByOne)
            return MergedFor(roles).HasMissing;
        foreach (var binding in _roles)
        {
            if (roles.Find(binding) is null)
                return true;
        }
        return false;
    }

    private Merged MergedFor(RbacRoles roles)
    {
        var merged = _merged;
        if (merged is null || !merged.Roles.IsSame(roles))
            _merged = merged = Merge(roles);
        return merged;
    }

    private Merged Merge(RbacRoles roles)
    {
        var rules = new RuleSet(_roles.SelectMany(b => roles.Find(b)?.Rules.Select(r => (r, (RbacBinding?)b)) ?? []));
        return new(roles, rules, _roles.Any(b => roles.Find(b) is null));
    }

    private sealed record Merged(RbacRoles Roles, RuleSet Rules, bool HasMissing);
}
