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
        foreach (var name in (string[])["deletionTimestamp", "labels", "annotations", "finalizers", "ownerReferences"])
            Put(metadata, name, old.Object("metadata")?[name]);
    }

    /// <summary>Which changes of resources a running pod can take.</summary>
    public static void Validate(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        var (spec, before) = (obj.Object("spec") ?? [], old.Object("spec") ?? []);
        foreach (var list in (string[])["containers", "initContainers"])
        {
            if ((spec.List(list)?.Count ?? 0) != (before.List(list)?.Count ?? 0))
            {
                errors.Add(FieldError.Forbidden($"spec.{list}", "containers may not be added or removed on resize"));
                return;
            }
            if (!SameNames(spec, before, list))
            {
                errors.Add(FieldError.Forbidden($"spec.{list}", "containers may not be renamed or reordered on resize"));
                return;
            }
        }
        PodSpecValidation.Validate(spec, "spec", errors);
        if (errors.Any)
            return;
        if (PodQuality.Of(spec) != PodQuality.Of(before))
        {
            errors.Add(FieldError.Invalid(
                "spec", old.Object("status")?.Text("qosClass") ?? "", "Pod QOS Class may not change as a result of resizing"));
        }
        foreach (var list in (string[])["containers", "initContainers"])
        {
            var index = 0;
            foreach (var (container, was) in spec.Objects(list).Zip(before.Objects(list)))
            {
                foreach (var field in (string[])["requests", "limits"])
                {
                    var (now, then) = (container.Object("resources").Object(field), was.Object("resources").Object(field));
                    if (then?.Any(r => r.Key is "cpu" or "memory" && now?.ContainsKey(r.Key) != true) == true)
                        errors.Add(FieldError.Forbidden($"spec.{list}[{index}].resources.{field}", $"resource {field} cannot be removed"));
                }
                index++;
            }
        }
        if (!SameOtherResources(spec, before))
            errors.Add(FieldError.Forbidden("spec", "only cpu and memory resources are mutable"));
    }

    private static bool SameOtherResources(JsonObject spec, JsonObject before) =>
        ((string[])["containers", "initContainers"]).All(list =>
            spec.Objects(list).Zip(before.Objects(list)).All(pair =>
                ((string[])["requests", "limits"]).All(field => Others(pair.First, field).SequenceEqual(Others(pair.Second, field)))));

    private static IEnumerable<(string, string?)> Others(JsonObject container, string field) =>
        (container.Object("resources").Object(field) ?? [])
            .Where(r => r.Key is not ("cpu" or "memory")).Select(r => (r.Key, r.Value.AsText())).Order();

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
