using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Services: how many, how many load balancers, and how many ports they have on every node.</summary>
internal sealed class ServiceQuota() : QuotaEvaluator("count/services", "services", "services.nodeports", "services.loadbalancers")
{
    public override bool Handles(AdmissionRequest request) =>
        request.Context.Subresource.Length == 0
        && (request.Operation & (AdmissionOperation.Create | AdmissionOperation.Update)) != AdmissionOperation.None;

    public override ResourceAmounts Measure(AdmissionRequest request, JsonObject obj)
    {
        var spec = obj.Object("spec") ?? [];
        var ports = spec.Objects("ports").Count();
        var balanced = spec.Text("type") == "LoadBalancer";
        // Ports may still have to be allocated: what counts is that they will be.
        var onNodes = spec.Text("type") == "NodePort" || (balanced && spec.Flag("allocateLoadBalancerNodePorts") != false) ? ports
            : balanced ? spec.Objects("ports").Count(p => p.Integer("nodePort") is not (null or 0))
            : 0;
        return new()
        {
            ["count/services"] = Quantity.Of(1),
            ["services"] = Quantity.Of(1),
            ["services.nodeports"] = Quantity.Of(onNodes),
            ["services.loadbalancers"] = Quantity.Of(balanced ? 1 : 0),
        };
    }
}
