using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// What a service's fields mean to each other, so that a client may send again what it sent first, without what the server
/// had filled in.
/// </summary>
public static class ServiceFields
{
    public const string Headless = "None";

    public static string Type(JsonObject spec) => spec.Text("type") ?? "ClusterIP";

    public static bool NeedsClusterIP(JsonObject spec) => Type(spec) is "ClusterIP" or "NodePort" or "LoadBalancer";

    /// <summary>Ports on the nodes are opened for it; a load balancer may do without.</summary>
    public static bool NeedsNodePorts(JsonObject spec) =>
        Type(spec) == "NodePort" || (Type(spec) == "LoadBalancer" && spec.Flag("allocateLoadBalancerNodePorts") != false);

    /// <summary>A port on which nodes say whether they have an endpoint.</summary>
    public static bool NeedsHealthCheckPort(JsonObject spec) =>
        Type(spec) == "LoadBalancer" && spec.Text("externalTrafficPolicy") == "Local";

    /// <summary>Whether node ports may be set at all.</summary>
    public static bool MayHaveNodePorts(JsonObject spec) => Type(spec) is "NodePort" or "LoadBalancer";

    /// <summary>Fills in what the server had chosen before, where the new state is silent.</summary>
    public static void TakeOver(JsonObject spec, JsonObject old)
    {
        if (NeedsClusterIP(old) && NeedsClusterIP(spec))
        {
            Keep(spec, old, "clusterIP");
            Keep(spec, old, "clusterIPs");
        }
        if (MayHaveNodePorts(old) && MayHaveNodePorts(spec) && NeedsNodePorts(old) && NeedsNodePorts(spec))
            TakeOverNodePorts(spec, old);
        if (NeedsHealthCheckPort(old) && NeedsHealthCheckPort(spec))
            Keep(spec, old, "healthCheckNodePort");
    }

    /// <summary>Brings clusterIP and the first of clusterIPs to agree, in the direction in which a client changed them.</summary>
    public static void NormalizeClusterIPs(JsonObject spec, JsonObject? old)
    {
        var address = spec.Text("clusterIP") ?? "";
        var addresses = spec.List("clusterIPs");
        if (old is null)
        {
            if (address.Length > 0 && addresses is not { Count: > 0 })
                spec["clusterIPs"] = new JsonArray(address);
            return;
        }
        var before = old.Text("clusterIP") ?? "";
        if (before == address || !TreeEquality.Same(addresses, old.List("clusterIPs")))
            return;
        if (address.Length == 0)
            spec.Remove("clusterIPs");
        else
            spec["clusterIPs"] = new JsonArray(address);
    }

    /// <summary>On a change of type, drops what the old type needed and the new one cannot have, unless it was changed too.</summary>
    public static void DropWhatTheTypeHasNot(JsonObject spec, JsonObject old)
    {
        if (NeedsClusterIP(old) && !NeedsClusterIP(spec))
        {
            if (spec.Text("clusterIP") == old.Text("clusterIP") && TreeEquality.Same(spec["clusterIPs"], old["clusterIPs"]))
            {
                spec.Remove("clusterIP");
                spec.Remove("clusterIPs");
            }
            DropIfSame(spec, old, "ipFamilies");
            DropIfSame(spec, old, "ipFamilyPolicy");
        }
        if (MayHaveNodePorts(old) && !MayHaveNodePorts(spec) && SameNodePorts(spec, old))
        {
            foreach (var port in spec.Objects("ports"))
                port.Remove("nodePort");
        }
        if (NeedsHealthCheckPort(old) && !NeedsHealthCheckPort(spec) && TreeEquality.Same(spec["healthCheckNodePort"], old["healthCheckNodePort"]))
            spec.Remove("healthCheckNodePort");
        if (Type(old) == "LoadBalancer" && Type(spec) != "LoadBalancer")
        {
            DropIfSame(spec, old, "allocateLoadBalancerNodePorts");
            DropIfSame(spec, old, "loadBalancerClass");
        }
        if (TakesExternalTraffic(old) && !TakesExternalTraffic(spec))
            DropIfSame(spec, old, "externalTrafficPolicy");
    }

    /// <summary>Something outside the cluster can reach it.</summary>
    public static bool TakesExternalTraffic(JsonObject spec) =>
        MayHaveNodePorts(spec) || (Type(spec) == "ClusterIP" && spec.List("externalIPs") is { Count: > 0 });

    private static void TakeOverNodePorts(JsonObject spec, JsonObject old)
    {
        // A port that the client names itself is not given to another of its ports.
        var named = spec.Objects("ports").Select(p => p.Integer("nodePort")).OfType<long>().Where(p => p != 0).ToHashSet();
        var byName = new Dictionary<string, long>();
        foreach (var port in old.Objects("ports"))
        {
            if (port.Integer("nodePort") is { } number and not 0)
                byName[port.Text("name") ?? ""] = number;
        }
        foreach (var port in spec.Objects("ports").Where(p => !p.ContainsKey("nodePort")))
        {
            if (byName.TryGetValue(port.Text("name") ?? "", out var number) && named.Add(number))
                port["nodePort"] = number;
        }
    }

    private static bool SameNodePorts(JsonObject spec, JsonObject old) =>
        spec.Objects("ports").Select(p => p.Integer("nodePort") ?? 0).Where(p => p != 0).ToHashSet()
            .IsSubsetOf(old.Objects("ports").Select(p => p.Integer("nodePort") ?? 0));

    private static void Keep(JsonObject spec, JsonObject old, string name)
    {
        if (!spec.ContainsKey(name) && old[name] is { } value)
            spec[name] = value.DeepClone();
    }

    private static void DropIfSame(JsonObject spec, JsonObject old, string name)
    {
        if (TreeEquality.Same(spec[name], old[name]))
            spec.Remove(name);
    }
}
