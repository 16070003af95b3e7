using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Bootstrap;

/// <summary>Rules that are the server's own, whatever became of the roles that say them, too.</summary>
public static class BootstrapPolicy
{
    /// <summary>What every kubelet may do, beside what its pods bring: the rules of the cluster role system:node.</summary>
    public static IReadOnlyList<PolicyRule> NodeRules { get; } = PolicyRules.Of(
        RbacObjects.All().First(o => o.Resource.Resource == "clusterroles" && o.Object.Object("metadata")?.Text("name") == "system:node").Object);
}
