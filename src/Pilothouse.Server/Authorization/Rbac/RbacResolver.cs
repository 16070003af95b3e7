using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>Says which rules somebody has, and which of their roles are missing.</summary>
internal static class RbacResolver
{
    /// <summary>How a missing role is called; upstream's caches name its kind, its storage the resource of the request.</summary>
    /// <param name="binding">The binding that gives it.</param>
    public delegate string MissingRole(RbacBinding binding);

    /// <summary>As upstream's caches name a missing role.</summary>
    public static string AsListed(RbacBinding binding) => binding.RoleKind switch
    {
        RbacBinding.Role => $"role.rbac.authorization.k8s.io {GoText.Quote(binding.RoleName)} not found",
        RbacBinding.ClusterRole => $"clusterrole.rbac.authorization.k8s.io {GoText.Quote(binding.RoleName)} not found",
        _ => $"unsupported role reference kind: {GoText.Quote(binding.RoleKind)}",
    };

    public static ResolvedRules RulesFor(RbacSnapshot snapshot, UserInfo user, string @namespace, MissingRole missing)
    {
        var rules = new List<PolicyRule>();
        var errors = new List<string>();
        foreach (var binding in snapshot.BindingsOf(user, @namespace))
        {
            if (snapshot.RolesIn(binding.Namespace).Find(binding) is { } role)
                rules.AddRange(role.Rules);
            else
                errors.Add(missing(binding));
        }
        return new() { Rules = rules, Errors = errors };
    }
}
