using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Unless a pod says otherwise, it stays for five minutes on a node that is not ready or cannot be reached.</summary>
internal sealed class DefaultTolerationSeconds : IMutatingAdmission
{
    private const long Seconds = 300;

    public string Name => "DefaultTolerationSeconds";

    public bool Handles(AdmissionRequest request) =>
        Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create | AdmissionOperation.Update);

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var spec = request.Object!.ObjectOrNew("spec");
        var tolerations = spec.List("tolerations");
        foreach (var taint in (string[])["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            if (tolerations?.OfType<JsonObject>().Any(t => Covers(t, taint)) == true)
                continue;
            if (tolerations is null)
                spec["tolerations"] = tolerations = [];
            tolerations.Add((JsonNode)new JsonObject
            {
                ["key"] = taint,
                ["operator"] = "Exists",
                ["effect"] = "NoExecute",
                ["tolerationSeconds"] = Seconds,
            });
        }
        return default;
    }

    private static bool Covers(JsonObject toleration, string taint) =>
        (toleration.Text("key") is not { Length: > 0 } key || key == taint)
        && (toleration.Text("effect") is not { Length: > 0 } effect || effect == "NoExecute");
}
