using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Images are always pulled, so that nobody uses one on a node that he has no right to pull.</summary>
internal sealed class AlwaysPullImages : IMutatingAdmission, IValidatingAdmission
{
    public string Name => "AlwaysPullImages";

    public bool Handles(AdmissionRequest request) =>
        Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create | AdmissionOperation.Update)
        && (request.Operation == AdmissionOperation.Create || HasNewImage(request.Object!, request.OldObject!));

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach (var (_, container) in Containers(request.Object!))
            container["imagePullPolicy"] = "Always";
        foreach (var volume in request.Object!.Object("spec").Objects("volumes"))
        {
            if (volume.Object("image") is { } image)
                image["pullPolicy"] = "Always";
        }
        return default;
    }

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var faults = new List<FieldError>();
        foreach (var (path, container) in Containers(request.Object!))
            Check(container.Text("imagePullPolicy"), path + ".imagePullPolicy", faults);
        var index = 0;
        foreach (var volume in request.Object!.Object("spec").Objects("volumes"))
        {
            if (volume.Object("image") is { } image)
                Check(image.Text("pullPolicy"), $"spec.volumes[{index}].image.pullPolicy", faults);
            index++;
        }
        if (faults.Count == 0)
            return default;
        var refusals = faults.Select(f => AdmissionPlugins.Forbidden(request, f.ToString())).ToList();
        // Several errors together are no refusal any more, for upstream: a bare 500.
        return new(refusals.Count == 1 ? refusals[0]
            : new() { Code = 500, Message = $"[{string.Join(", ", refusals.Select(r => r.Message).Distinct())}]" });
    }

    private static void Check(string? policy, string path, List<FieldError> faults)
    {
        if (policy != "Always")
            faults.Add(FieldError.NotSupported(path, policy ?? "", ["Always"]));
    }

    private static bool HasNewImage(JsonObject pod, JsonObject old)
    {
        var known = Containers(old).Select(c => c.Container.Text("image")).ToHashSet();
        return Containers(pod).Any(c => !known.Contains(c.Container.Text("image")));
    }

    private static IEnumerable<(string Path, JsonObject Container)> Containers(JsonObject pod) =>
        ((string[])["initContainers", "containers", "ephemeralContainers"])
            .SelectMany(kind => pod.Object("spec").Objects(kind).Select((c, i) => ($"spec.{kind}[{i}]", c)));
}
