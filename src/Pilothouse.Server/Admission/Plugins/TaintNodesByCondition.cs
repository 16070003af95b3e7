using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>A new node takes no pods until somebody finds it ready.</summary>
internal sealed class TaintNodesByCondition : IMutatingAdmission
{
    private const string NotReady = "node.kubernetes.io/not-ready";
    private const string Effect = "NoSchedule";

    public string Name => "TaintNodesByCondition";

    public bool Handles(AdmissionRequest request) => Plugin.Is(request, Plugin.Nodes, AdmissionOperation.Create);

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var spec = request.Object!.ObjectOrNew("spec");
        if (!spec.Objects("taints").Any(t => t.Text("key") == NotReady && t.Text("effect") == Effect))
        {
            if (spec.List("taints") is not { } taints)
                spec["taints"] = taints = [];
            taints.Add((JsonNode)new JsonObject { ["key"] = NotReady, ["effect"] = Effect });
        }
        return default;
    }
}
