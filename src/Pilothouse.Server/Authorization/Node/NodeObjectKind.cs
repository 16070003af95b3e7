namespace Pilothouse.Server.Authorization.Node;

/// <summary>The kinds of which a kubelet reads what its pods refer to.</summary>
internal enum NodeObjectKind : byte
{
    Secret,
    ConfigMap,
    PersistentVolumeClaim,
    ServiceAccount,
    ResourceClaim,
}
