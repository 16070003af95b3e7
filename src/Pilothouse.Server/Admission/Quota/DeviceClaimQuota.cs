using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>ResourceClaims: how many, and how many devices of each class at worst.</summary>
internal sealed class DeviceClaimQuota() : QuotaEvaluator("count/resourceclaims.resource.k8s.io")
{
    private const string ByClass = ".deviceclass.resource.k8s.io/devices";

    /// <summary>How many devices one allocation can have.</summary>
    private const long MaxDevices = 32;

    public override bool Handles(AdmissionRequest request) =>
        request.Context.Subresource.Length == 0
        && (request.Operation & (AdmissionOperation.Create | AdmissionOperation.Update)) != AdmissionOperation.None;

    public override bool IsMeasured(string name) => base.IsMeasured(name) || name.EndsWith(ByClass, StringComparison.Ordinal);

    public override ResourceAmounts Measure(AdmissionRequest request, JsonObject obj)
    {
        var amounts = base.Measure(request, obj);
        foreach (var wanted in obj.Object("spec").Object("devices").Objects("requests"))
        {
            if (wanted.List("firstAvailable") is { Count: > 0 } alternatives)
            {
                // One of them will be taken: of each class as many as the greediest asks for.
                var worst = new ResourceAmounts();
                foreach (var alternative in alternatives.OfType<JsonObject>())
                    worst.Max(Count(alternative));
                amounts.Add(worst);
            }
            else if (wanted.Object("exactly") is { } exactly)
            {
                amounts.Add(Count(exactly));
            }
        }
        return amounts;
    }

    private static ResourceAmounts Count(JsonObject request) => new()
    {
        [request.Text("deviceClassName") + ByClass] = Quantity.Of(request.Text("allocationMode") switch
        {
            "ExactCount" => request.Integer("count") ?? 0,
            "All" => MaxDevices,
            _ => 0,
        }),
    };
}
