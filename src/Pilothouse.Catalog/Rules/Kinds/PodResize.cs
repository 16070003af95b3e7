using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The resize endpoint of pods: resources of containers change, everything else stays.</summary>
internal static class PodResize
{
    private static readonly string[] Resized = ["resources", "resizePolicy"];

    /// <summary>Keeps only changed resources; if containers were added, dropped or renamed it keeps all, for validation to refuse.</summary>
    public static void CarryAllButResources(JsonObject obj, JsonObject old)
    {
        var spec = obj.ObjectOrNew("spec");
        if (old.Object("spec")?.DeepClone() is not JsonObject kept || !SameNames(spec, kept, "containers") || !SameNames(spec, kept, "initContainers"))
            return;
        foreach (var list in (string[])["containers", "initContainers"])
        {
            foreach (var (container, target) in spec.Objects(list).Zip(kept.Objects(list)))
            {
                foreach (var name in Resized)
                    Put(target, name, container[name]);
            }
        }
        Put(kept, "resources", spec["resources"]);
        obj["spec"] = kept;
        var metadata = ObjectMetadata.Of(obj).Json;
        foreach (var name in (string[])["deletionTimestamp", "labels", "annotations", "finalizers", "ownerReferences", "managedFields"])
            Put(metadata, name, old.Object("metadata")?[name]);
    }

    private static bool SameNames(JsonObject one, JsonObject other, string list) =>
        one.Objects(list).Select(c => c.Text("name")).SequenceEqual(other.Objects(list).Select(c => c.Text("name")));

    private static void Put(JsonObject target, string name, JsonNode? value)
    {
        if (value is null)
            target.Remove(name);
        else
            target[name] = value.DeepClone();
    }
}
