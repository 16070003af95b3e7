using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Node;

/// <summary>Which node's kubelet a request comes from.</summary>
internal static class NodeIdentity
{
    private const string UserPrefix = "system:node:";
    private const string NodesGroup = "system:nodes";

    /// <summary>The node's name, empty if a kubelet does not say it; null for everybody who is no kubelet.</summary>
    public static string? Of(UserInfo user) =>
        user.Name.StartsWith(UserPrefix, StringComparison.Ordinal) && user.IsIn(NodesGroup) ? user.Name[UserPrefix.Length..] : null;
}
