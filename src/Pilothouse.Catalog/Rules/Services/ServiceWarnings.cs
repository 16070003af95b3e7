using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What is accepted in a service, and yet not as it should be.</summary>
internal static class ServiceWarnings
{
    public static void AddTo(ICollection<string> warnings, JsonObject obj)
    {
        const string Hints = "service.kubernetes.io/topology-aware-hints";
        var spec = obj.Object("spec") ?? [];
        var type = spec.Word("type");
        if (obj.Object("metadata").Object("annotations")?.ContainsKey(Hints) == true)
            warnings.Add($"annotation {Hints} is deprecated, please use service.kubernetes.io/topology-mode instead");
        var headless = type == "ClusterIP" && spec.Word("clusterIP") == ServiceFields.Headless;
        if (spec.Word("clusterIP") is not ("" or ServiceFields.Headless))
            WarnOfAddresses(spec, "clusterIPs", warnings);
        var hasExternal = spec.CountOf("externalIPs") > 0;
        if (headless)
        {
            if (spec.Word("loadBalancerIP").Length > 0)
                warnings.Add("spec.loadBalancerIP is ignored for headless services");
            if (hasExternal)
                warnings.Add("spec.externalIPs is ignored for headless services");
            if (spec.Word("sessionAffinity") != "None")
                warnings.Add("spec.SessionAffinity is ignored for headless services");
        }
        WarnOfAddresses(spec, "externalIPs", warnings);
        if (hasExternal && !headless && type != "ExternalName")
            warnings.Add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
        if (spec.Word("loadBalancerIP") is { Length: > 0 } balancer && IpFormats.WarningForAddress("spec.loadBalancerIP", balancer) is { } odd)
            warnings.Add(odd);
        foreach (var (i, range) in spec.Words("loadBalancerSourceRanges"))
            IpFormats.WarnForCidr($"spec.loadBalancerSourceRanges[{i}]", range, warnings);
        if (type == "ExternalName" && hasExternal)
            warnings.Add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        if (type != "ExternalName" && spec.Word("externalName").Length > 0)
            warnings.Add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        if (spec.Text("trafficDistribution") == "PreferClose")
            warnings.Add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
    }

    private static void WarnOfAddresses(JsonObject spec, string field, ICollection<string> warnings)
    {
        foreach (var (i, address) in spec.Words(field))
        {
            if (IpFormats.WarningForAddress($"spec.{field}[{i}]", address) is { } warning)
                warnings.Add(warning);
        }
    }
}
