using System.Text.Json;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Pods learn the zone and the region of the node that they are put on, as labels (KEP-4742).</summary>
internal sealed class PodTopologyLabels : IMutatingAdmission
{
    private static readonly string[] Labels = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

    public string Name => "PodTopologyLabels";

    public bool Handles(AdmissionRequest request) =>
        request.Context.Resource.Stored.Resource == Plugin.Pods
        && request.Operation == AdmissionOperation.Create
        && (request.Context.Subresource.Length == 0
            ? request.Object!.Object("spec")?.Text("nodeName") is { Length: > 0 }
            : request.Context.Subresource == "binding");

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var target = request.Object!.Object("target");
        if (request.Context.Subresource == "binding" && target?.Text("kind") != "Node")
            return default;
        var node = request.Context.Subresource == "binding" ? target?.Text("name") : request.Object!.Object("spec")?.Text("nodeName");
        if (string.IsNullOrEmpty(node) || request.Context.Objects.Find(Plugin.Nodes, "", node) is not { } json)
            return default;
        var labels = Plugin.Parse(json).At("metadata", "labels");
        foreach (var name in Labels)
        {
            if (labels.At(name) is { ValueKind: JsonValueKind.String } value)
                ObjectMetadata.Of(request.Object!).Json.ObjectOrNew("labels")[name] = value.GetString();
        }
        return default;
    }
}
