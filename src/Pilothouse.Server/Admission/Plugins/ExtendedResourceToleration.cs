using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>A pod that asks for an extended resource may run on nodes that are kept for it by a taint of the same name.</summary>
internal sealed class ExtendedResourceToleration : IMutatingAdmission
{
    public string Name => "ExtendedResourceToleration";

    public bool Handles(AdmissionRequest request) =>
        Plugin.Is(request, Plugin.Pods, AdmissionOperation.Create | AdmissionOperation.Update);

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var spec = request.Object!.ObjectOrNew("spec");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            foreach (var (name, _) in container.Object("resources").Object("requests") ?? [])
            {
                if (IsExtended(name))
                    names.Add(name);
            }
        }
        foreach (var name in names)
            Add(spec, name);
        return default;
    }

    private static void Add(JsonObject spec, string name)
    {
        var toleration = new JsonObject { ["key"] = name, ["operator"] = "Exists", ["effect"] = "NoSchedule" };
        if (spec.List("tolerations") is not { } tolerations)
            spec["tolerations"] = tolerations = [];
        // One for the same taint is replaced, as upstream's helper does.
        var same = tolerations.OfType<JsonObject>().FirstOrDefault(t =>
            t.Text("key") == name && t.Text("effect") == "NoSchedule" && t.Text("operator") == "Exists" && (t.Text("value") ?? "").Length == 0);
        if (same is not null)
            tolerations[tolerations.IndexOf(same)] = toleration;
        else
            tolerations.Add((JsonNode)toleration);
    }

    private static bool IsExtended(string name) =>
        name.Contains('/', StringComparison.Ordinal) && !name.Contains("kubernetes.io/", StringComparison.Ordinal)
        && !name.StartsWith("requests.", StringComparison.Ordinal);
}
