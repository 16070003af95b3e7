using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Which labels a kubelet may give its node. Others of Kubernetes' own namespaces steer workloads, so that a kubelet could draw
/// them to itself.
/// </summary>
internal static class NodeLabels
{
    private const string Restricted = "node-restriction.kubernetes.io";

    private static readonly FrozenSet<string> Allowed = FrozenSet.Create(
        StringComparer.Ordinal,
        "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
        "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type",
        "kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/arch");

    private static readonly string[] AllowedNamespaces = ["kubelet.kubernetes.io", "node.kubernetes.io"];

    /// <summary>The keys of labels that were added, changed or taken away and may not be, sorted.</summary>
    public static IReadOnlyList<string> Forbidden(JsonObject? labels, JsonObject? old) =>
        [.. (labels ?? []).Select(l => l.Key).Union((old ?? []).Select(l => l.Key))
            .Where(k => !TreeEquality.Same(labels?[k], old?[k]) || (labels?.ContainsKey(k) == true) != (old?.ContainsKey(k) == true))
            .Where(IsForbidden)
            .Order(StringComparer.Ordinal)];

    private static bool IsForbidden(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var ns = slash < 0 ? "" : key[..slash];
        if (IsBelow(ns, Restricted))
            return true;
        return (IsBelow(ns, "kubernetes.io") || IsBelow(ns, "k8s.io"))
            && !Allowed.Contains(key) && !AllowedNamespaces.Any(a => IsBelow(ns, a));
    }

    private static bool IsBelow(string ns, string domain) =>
        ns == domain || (ns.Length > domain.Length && ns.EndsWith(domain, StringComparison.Ordinal) && ns[^(domain.Length + 1)] == '.');
}
