using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Bootstrap;

/// <summary>The objects that are the same everywhere and are made once: namespaces, priority classes, API services.</summary>
internal static class SystemObjects
{
    public static readonly GroupResource Namespaces = new("", "namespaces");
    private static readonly GroupResource PriorityClasses = new("scheduling.k8s.io", "priorityclasses");
    private static readonly GroupResource ApiServices = new("apiregistration.k8s.io", "apiservices");

    public static IEnumerable<(GroupResource Resource, JsonObject Object)> AllNamespaces() =>
        ((string[])["kube-system", "kube-public", "kube-node-lease", "default"])
            .Select(name => (Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }));

    public static IEnumerable<(GroupResource Resource, JsonObject Object)> AllPriorityClasses()
    {
        yield return (PriorityClasses, PriorityClass(
            "system-node-critical", 2_000_001_000, "Used for system critical pods that must not be moved from their current node."));
        yield return (PriorityClasses, PriorityClass(
            "system-cluster-critical", 2_000_000_000,
            "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."));
    }

    /// <summary>One for each group and version that this server serves itself; it does not register the registrations.</summary>
    public static IEnumerable<(GroupResource Resource, JsonObject Object)> AllApiServices(ResourceCatalog catalog, DateTimeOffset now)
    {
        foreach (var group in catalog.Groups.Where(g => g.Name != "apiregistration.k8s.io"))
        {
            for (var i = 0; i < group.Versions.Count; i++)
            {
                var version = group.Versions[i];
                var spec = new JsonObject
                {
                    ["version"] = version,
                    ["groupPriorityMinimum"] = (long)group.GroupPriority,
                    ["versionPriority"] = (long)group.VersionPriorities[i],
                };
                if (group.Name.Length > 0)
                    spec["group"] = group.Name;
                yield return (ApiServices, new()
                {
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = $"{version}.{group.Name}",
                        ["labels"] = new JsonObject { ["kube-aggregator.kubernetes.io/automanaged"] = "onstart" },
                    },
                    ["spec"] = spec,
                    ["status"] = new JsonObject
                    {
                        ["conditions"] = new JsonArray(Condition(
                            "Available", "Local", "Local APIServices are always available", now)),
                    },
                });
            }
        }
    }

    public static JsonObject Condition(string type, string reason, string message, DateTimeOffset now)
    {
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = "True",
            ["lastTransitionTime"] = ServerWriter.Seconds(now),
            ["message"] = message,
        };
        if (reason.Length > 0)
            condition["reason"] = reason;
        return condition;
    }

    private static JsonObject PriorityClass(string name, long value, string description) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["value"] = value,
        ["description"] = description,
    };
}
