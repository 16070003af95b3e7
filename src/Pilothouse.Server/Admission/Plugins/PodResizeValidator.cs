using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>A pod is not resized to what its node can never give (KEP-1287).</summary>
internal sealed class PodResizeValidator : IValidatingAdmission
{
    public string Name => "PodResizeValidator";

    public bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Update
        && request.Context.Subresource == "resize"
        && request.Context.Resource.Stored.Resource == Plugin.Pods;

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var pod = request.Object!;
        if (pod.Object("spec")?.Text("nodeName") is not { Length: > 0 } name
            || ObjectMetadata.Of(pod).Generation == ObjectMetadata.Of(request.OldObject!).Generation)
        {
            return null;
        }
        if (await Plugin.FindAsync(request.Context.Objects, Plugin.Nodes, "", name, cancellationToken) is not { } node)
            return AdmissionPlugins.Forbidden(request, $"node {GoText.Quote(name)} not found");
        if (node.Text("metadata", "labels", "kubernetes.io/os") is { Length: > 0 } os and not "linux")
        {
            return Refuse(
                request, $"pod resize is only supported on linux nodes, node {GoText.Quote(name)} is {GoText.Quote(os)}", "UnsupportedPlatform");
        }
        return FindShortage(pod, node) is { } shortage
            ? Refuse(request, $"node didn't have enough allocatable resources: {shortage}", "NodeCapacity")
            : null;
    }

    private static string? FindShortage(JsonObject pod, JsonElement node)
    {
        var allocatable = ResourceAmounts.Of(node.At("status", "allocatable"));
        var requests = PodResources.Of(pod, "requests", asRun: false).Add(ResourceAmounts.Of(pod.Object("spec").Object("overhead")));
        var (cpu, memory) = (requests.GetValueOrDefault("cpu"), requests.GetValueOrDefault("memory"));
        var (freeCpu, freeMemory) = (allocatable.GetValueOrDefault("cpu"), allocatable.GetValueOrDefault("memory"));
        var lacking = new List<string>();
        if (cpu > freeCpu)
            lacking.Add($"cpu, requested: {cpu.MilliValue}, allocatable: {freeCpu.MilliValue}");
        if (memory > freeMemory)
            lacking.Add($"memory, requested: {memory.Value}, allocatable: {freeMemory.Value}");
        return lacking.Count == 0 ? null : string.Join("; ", lacking);
    }

    private static Status Refuse(AdmissionRequest request, string why, string reason)
    {
        var refusal = AdmissionPlugins.Forbidden(request, why);
        return refusal with { Details = refusal.Details! with { Causes = [new(reason, "")] } };
    }
}
