using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The resize endpoint of pods (KEP-1287): resources of containers and of the pod change, everything else stays.</summary>
internal static class PodResize
{
    private static readonly string[] Resized = ["resources", "resizePolicy"];
    private static readonly string[] Lists = ["containers", "initContainers"];
    private static readonly string[] Amounts = ["requests", "limits"];

    /// <summary>Keeps only changed resources; if containers were added, dropped or renamed it keeps all, for validation to refuse.</summary>
    public static void CarryAllButResources(JsonObject obj, JsonObject old)
    {
        var spec = obj.ObjectOrNew("spec");
        if (old.Object("spec")?.DeepClone() is not JsonObject kept || Lists.Any(l => Count(spec, l) != Count(kept, l)))
            return;
        foreach (var list in Lists)
        {
            if (!SameNames(spec, kept, list))
            {
                PodUpdateValidation.Put(kept, list, spec[list]);
                continue;
            }
            foreach (var (container, target) in spec.Objects(list).Zip(kept.Objects(list)))
            {
                foreach (var name in Resized)
                    PodUpdateValidation.Put(target, name, container[name]);
            }
        }
        PodUpdateValidation.Put(kept, "resources", spec["resources"]);
        obj["spec"] = kept;
        var metadata = ObjectMetadata.Of(obj).Json;
        foreach (var name in (string[])["deletionTimestamp", "labels", "annotations", "finalizers", "ownerReferences"])
            PodUpdateValidation.Put(metadata, name, old.Object("metadata")?[name]);
    }

    /// <summary>Which changes of resources a pod can take. The specification itself has been checked.</summary>
    public static void Validate(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        var (spec, before) = (obj.Object("spec") ?? [], old.Object("spec") ?? []);
        var refusal = old.Object("metadata").Object("annotations")?.ContainsKey(PodAnnotationValidation.Mirror) == true ? "static pods cannot be resized"
            : before.Object("os")?.Text("name") == "windows" ? "windows pods cannot be resized"
            : null;
        if (refusal is not null)
        {
            errors.Clear();
            errors.Add(FieldError.Forbidden("[]", refusal));
            return;
        }
        var status = old.Object("status");
        if ((status?.Text("qosClass") ?? PodQuality.Of(before)) != PodQuality.Of(spec))
            errors.Invalid(FieldPath.Spec, status?.Text("qosClass") ?? "", "Pod QOS Class may not change as a result of resizing");
        if (status.Objects("containerStatuses").FirstOrDefault(s => s.Object("state").Object("running") is not null) is { } running
            && !running.ContainsKey("resources"))
        {
            errors.Forbidden(FieldPath.Spec, "Pod running on node without support for resize");
        }
        var rest = (JsonObject)spec.DeepClone();
        if (HasAmounts(spec) || HasAmounts(before))
            ValidatePodLevel(spec, before, rest, errors);
        if (!ValidateOrder(spec, before, errors))
            return;
        ValidateRemoved(spec, before, "initContainers", errors);
        ValidateRemoved(spec, before, "containers", errors);
        ValidateOthers(rest, before, errors);
        if (!errors.Any && !TreeEquality.Same(rest, before))
            errors.Forbidden(FieldPath.Spec, "only cpu and memory resources are mutable");
    }

    private static int Count(JsonObject spec, string list) => spec.List(list)?.Count ?? 0;

    private static bool SameNames(JsonObject one, JsonObject other, string list) =>
        one.Objects(list).Select(c => c.Text("name")).SequenceEqual(other.Objects(list).Select(c => c.Text("name")));

    private static bool HasAmounts(JsonObject spec) => Amounts.Any(a => spec.Object("resources").Object(a) is { Count: > 0 });

    private static bool AnyRemoved(JsonObject? resources, JsonObject? old, string amounts) =>
        old.Object(amounts)?.Any(r => resources.Object(amounts)?.ContainsKey(r.Key) != true) == true;

    private static void ValidatePodLevel(JsonObject spec, JsonObject old, JsonObject rest, FieldErrors errors)
    {
        var path = FieldPath.Spec.Child("resources");
        var (now, before) = (spec.Object("resources"), old.Object("resources"));
        if (before is not null && now is null)
        {
            errors.Forbidden(path, "pod-level resources cannot be removed");
            return;
        }
        if (before is not null && AnyRemoved(now, before, "requests"))
            errors.Forbidden(path.Child("requests"), "pod-level resource requests cannot be removed");
        if (before is not null && AnyRemoved(now, before, "limits"))
            errors.Forbidden(path.Child("limits"), "pod-level resource limits cannot be removed");
        TakeOverComputeResources(rest, old);
        if (!TreeEquality.Same(rest["resources"], old["resources"]))
            errors.Forbidden(FieldPath.Spec, "only cpu and memory resources are mutable at pod-level");
    }

    /// <summary>False when containers do not stand as before: then nothing else is looked at.</summary>
    private static bool ValidateOrder(JsonObject spec, JsonObject old, FieldErrors errors)
    {
        var found = false;
        foreach (var list in Lists)
        {
            var path = FieldPath.Spec.Child(list);
            if (Count(spec, list) != Count(old, list))
            {
                errors.Forbidden(path, $"{list} may not be added or removed on resize");
                found = true;
                continue;
            }
            var index = 0;
            foreach (var (container, before) in spec.Objects(list).Zip(old.Objects(list)))
            {
                if (container.Text("name") != before.Text("name"))
                {
                    errors.Forbidden(path.Index(index).Child("name"), $"{list} may not be renamed or reordered on resize");
                    found = true;
                }
                index++;
            }
        }
        return !found;
    }

    private static void ValidateRemoved(JsonObject spec, JsonObject old, string list, FieldErrors errors)
    {
        var index = 0;
        foreach (var (container, before) in spec.Objects(list).Zip(old.Objects(list)))
        {
            var path = FieldPath.Spec.Child(list).Index(index++).Child("resources");
            foreach (var amounts in Amounts)
            {
                if (AnyRemoved(container.Object("resources"), before.Object("resources"), amounts))
                    errors.Forbidden(path.Child(amounts), $"resource {amounts} cannot be removed");
            }
        }
    }

    /// <summary>With cpu and memory as they were, each container is as it was.</summary>
    private static void ValidateOthers(JsonObject rest, JsonObject old, FieldErrors errors)
    {
        foreach (var (container, before) in rest.Objects("containers").Zip(old.Objects("containers")))
        {
            TakeOverComputeResources(container, before);
            if (!TreeEquality.Same(container, before))
                errors.Forbidden(FieldPath.Spec, "only cpu and memory resources are mutable");
        }
        var index = 0;
        foreach (var (container, before) in rest.Objects("initContainers").Zip(old.Objects("initContainers")))
        {
            var path = FieldPath.Spec.Child("initContainers").Index(index++);
            var isResized = !TreeEquality.Same(container, before);
            TakeOverComputeResources(container, before);
            if (!TreeEquality.Same(container, before))
                errors.Forbidden(path, "only cpu and memory resources for init or sidecar containers are mutable");
            if (isResized && ContainerValidation.RestartsForResources(container))
                errors.Forbidden(path, "non-sidecar init containers with a resize policy of RestartContainer cannot be resized");
        }
    }

    private static void TakeOverComputeResources(JsonObject holder, JsonObject old)
    {
        if (holder.Object("resources") is null && old.Object("resources") is null)
            return;
        var resources = holder.ObjectOrNew("resources");
        foreach (var amounts in Amounts)
        {
            foreach (var name in (string[])["cpu", "memory"])
            {
                if (old.Object("resources").Object(amounts)?[name] is { } value)
                    resources.ObjectOrNew(amounts)[name] = value.DeepClone();
                else
                    resources.Object(amounts)?.Remove(name);
            }
        }
    }
}
