using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>A pod may keep others off its node, but not off a whole zone.</summary>
internal sealed class LimitPodHardAntiAffinityTopology : IValidatingAdmission
{
    private const string Hostname = "kubernetes.io/hostname";

    public string Name => "LimitPodHardAntiAffinityTopology";

    public bool Handles(AdmissionRequest request) =>
        Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create | AdmissionOperation.Update);

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var terms = request.Object!.Object("spec").Object("affinity").Object("podAntiAffinity")
            .Objects("requiredDuringSchedulingIgnoredDuringExecution");
        return terms.Select(t => t.Text("topologyKey") ?? "").FirstOrDefault(k => k != Hostname) is { } key
            ? new(Status.Forbidden(
                Plugin.Pods, request.Name,
                $"affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey {key} but only key {Hostname} is allowed"))
            : default;
    }
}
