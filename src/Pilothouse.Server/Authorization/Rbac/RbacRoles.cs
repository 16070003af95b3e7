namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>The roles that bindings of one scope can give: cluster roles, and those of the namespace. Immutable.</summary>
/// <param name="Cluster">By name.</param>
/// <param name="Local">By name; null where there are none, as for cluster role bindings.</param>
internal readonly record struct RbacRoles(ShardedMap<RbacRole> Cluster, Dictionary<string, RbacRole>? Local)
{
    /// <summary>The role that a binding gives; null when it does not exist.</summary>
    public RbacRole? Find(RbacBinding binding) => binding.RoleKind switch
    {
        RbacBinding.ClusterRole => Cluster.Find(binding.RoleName),
        RbacBinding.Role => Local?.GetValueOrDefault(binding.RoleName),
        _ => null,
    };

    /// <summary>Whether these are the very same roles.</summary>
    public bool IsSame(RbacRoles other) => ReferenceEquals(Cluster, other.Cluster) && ReferenceEquals(Local, other.Local);
}
