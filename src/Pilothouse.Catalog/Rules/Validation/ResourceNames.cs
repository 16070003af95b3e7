using System.Collections.Frozen;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What can be said of a resource (cpu, memory, hugepages-2Mi, example.com/gpu …) by its name.</summary>
internal static class ResourceNames
{
    public const string HugePagesPrefix = "hugepages-";
    private const string RequestsPrefix = "requests.";

    private static readonly FrozenSet<string> Containers = FrozenSet.Create("cpu", "memory", "ephemeral-storage");

    private static readonly FrozenSet<string> Counted = FrozenSet.Create(
        "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims",
        "services.nodeports", "services.loadbalancers");

    private static readonly FrozenSet<string> Quotas = FrozenSet.Create([
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage",
        "limits.cpu", "limits.memory", "limits.ephemeral-storage", .. Counted]);

    private static readonly FrozenSet<string> Standard = FrozenSet.Create(["storage", .. Quotas]);

    public static bool IsHugePages(string name) => name.StartsWith(HugePagesPrefix, StringComparison.Ordinal);

    /// <summary>One that is known without a prefix.</summary>
    public static bool IsStandard(string name) => Standard.Contains(name) || IsQuotaHugePages(name);

    /// <summary>One that a quota can limit.</summary>
    public static bool IsStandardForQuota(string name) => Quotas.Contains(name) || IsQuotaHugePages(name);

    /// <summary>One that a container can ask for.</summary>
    public static bool IsStandardForContainers(string name) => Containers.Contains(name) || IsHugePages(name);

    /// <summary>In the namespace of Kubernetes: without a prefix, or under kubernetes.io.</summary>
    public static bool IsNative(string name) => !name.Contains('/') || name.Contains("kubernetes.io/", StringComparison.Ordinal);

    /// <summary>Somebody else's, such as a device's.</summary>
    public static bool IsExtended(string name) =>
        !IsNative(name) && !name.StartsWith(RequestsPrefix, StringComparison.Ordinal)
        && NameFormats.QualifiedName(RequestsPrefix + name).Count == 0;

    /// <summary>A request may be lower than its limit.</summary>
    public static bool AllowsOvercommit(string name) => IsNative(name) && !IsHugePages(name);

    /// <summary>Comes in whole pieces only.</summary>
    public static bool IsWhole(string name) => Counted.Contains(name) || IsExtended(name);

    private static bool IsQuotaHugePages(string name) =>
        IsHugePages(name) || name.StartsWith(RequestsPrefix + HugePagesPrefix, StringComparison.Ordinal);
}
