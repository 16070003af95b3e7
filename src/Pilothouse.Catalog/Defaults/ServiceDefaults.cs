using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Services and endpoints.</summary>
internal static class ServiceDefaults
{
    public static Dictionary<string, DefaultRule> Rules { get; } = new()
    {
        ["io.k8s.api.core.v1.Service"] = FillService,
        ["io.k8s.api.core.v1.Endpoints"] = FillEndpoints,
        ["io.k8s.api.discovery.v1.EndpointPort"] = DefaultRules.Values(("name", ""), ("protocol", "TCP")),
    };

    private static void FillService(JsonObject service, DateTimeOffset now)
    {
        var spec = service.ObjectOrNew("spec");
        spec.Default("sessionAffinity", "None");
        var affinity = spec.Text("sessionAffinity");
        if (affinity == "None")
            spec.Remove("sessionAffinityConfig");
        else if (affinity == "ClientIP" && spec.Object("sessionAffinityConfig").Object("clientIP")?.Integer("timeoutSeconds") is null)
            spec["sessionAffinityConfig"] = new JsonObject { ["clientIP"] = new JsonObject { ["timeoutSeconds"] = 10800L } };
        spec.Default("type", "ClusterIP");
        var type = spec.Text("type");
        foreach (var port in spec.Objects("ports"))
        {
            port.Default("protocol", "TCP");
            if (!port.TryGetPropertyValue("targetPort", out var target) || target.AsText() == "" || target.AsInteger() == 0)
                port["targetPort"] = port.Integer("port") ?? 0;
        }
        if (type is "LoadBalancer" or "NodePort" || (type == "ClusterIP" && spec.List("externalIPs") is { Count: > 0 }))
            spec.Default("externalTrafficPolicy", "Cluster");
        if (type is "NodePort" or "LoadBalancer" or "ClusterIP")
            spec.Default("internalTrafficPolicy", "Cluster");
        if (type != "LoadBalancer")
            return;
        spec.Default("allocateLoadBalancerNodePorts", true);
        foreach (var ingress in service.Object("status").Object("loadBalancer").Objects("ingress"))
        {
            if (ingress.ContainsKey("ip"))
                ingress.Default("ipMode", "VIP");
        }
    }

    private static void FillEndpoints(JsonObject endpoints, DateTimeOffset now)
    {
        foreach (var port in endpoints.Objects("subsets").SelectMany(s => s.Objects("ports")))
            port.Default("protocol", "TCP");
    }
}
