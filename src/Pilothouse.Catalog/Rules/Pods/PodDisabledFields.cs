using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Fields of pods that belong to features which are off at this level (see featureGates in docs of the level): they are dropped
/// without a word, unless the object had them before.
/// </summary>
internal static class PodDisabledFields
{
    // Gate ClusterTrustBundleProjection and PodCertificateRequest.
    private static readonly string[] ProjectedSources = ["clusterTrustBundle", "podCertificate"];

    public static void Drop(JsonObject spec, JsonObject? old)
    {
        // Gate GenericWorkload.
        if (spec.ContainsKey("schedulingGroup") && old?.ContainsKey("schedulingGroup") != true)
            spec.Remove("schedulingGroup");
        foreach (var field in ProjectedSources)
        {
            if (HasSource(spec, field) && !HasSource(old, field))
            {
                foreach (var source in Sources(spec))
                    source.Remove(field);
            }
        }
        // Gate ContainerStopSignals.
        if (HasStopSignal(spec) && !HasStopSignal(old))
        {
            foreach (var container in Containers(spec))
            {
                if (container.Object("lifecycle") is { } lifecycle && lifecycle.Remove("stopSignal") && lifecycle.Count == 0)
                    container.Remove("lifecycle");
            }
        }
    }

    /// <summary>The template in a kind that makes pods.</summary>
    public static void DropFromTemplate(JsonObject? template, JsonObject? old)
    {
        if (template.Object("spec") is { } spec)
            Drop(spec, old.Object("spec"));
    }

    public static void DropFromStatus(JsonObject? status, JsonObject? old)
    {
        // Gate ImageVolumeWithDigest.
        foreach (var list in (ReadOnlySpan<string>)["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"])
        {
            if (status.List(list) is not { Count: > 0 } || HasVolumeStatus(old))
                continue;
            foreach (var mount in status.Objects(list).SelectMany(s => s.Objects("volumeMounts")))
                mount.Remove("volumeStatus");
        }
        // Gate DRANodeAllocatableResources.
        if (status?.ContainsKey("nodeAllocatableResourceClaimStatuses") == true && old?.ContainsKey("nodeAllocatableResourceClaimStatuses") != true)
            status.Remove("nodeAllocatableResourceClaimStatuses");
    }

    private static bool HasVolumeStatus(JsonObject? status) =>
        status is not null && ((string[])["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"])
            .Any(l => status.Objects(l).SelectMany(s => s.Objects("volumeMounts")).Any(m => m.ContainsKey("volumeStatus")));

    private static bool HasSource(JsonObject? spec, string field)
    {
        var volumes = spec.List("volumes");
        for (var i = 0; i < (volumes?.Count ?? 0); i++)
        {
            var sources = (volumes![i] as JsonObject).Object("projected").List("sources");
            for (var j = 0; j < (sources?.Count ?? 0); j++)
            {
                if ((sources![j] as JsonObject)?.ContainsKey(field) == true)
                    return true;
            }
        }
        return false;
    }

    private static IEnumerable<JsonObject> Sources(JsonObject spec) =>
        spec.Objects("volumes").SelectMany(v => v.Object("projected").Objects("sources"));

    private static IEnumerable<JsonObject> Containers(JsonObject spec) => PodAnnotationValidation.Containers(spec).Select(c => c.Container);

    private static bool HasStopSignal(JsonObject? spec)
    {
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers", "ephemeralContainers"])
        {
            var containers = spec.List(list);
            for (var i = 0; i < (containers?.Count ?? 0); i++)
            {
                if ((containers![i] as JsonObject).Object("lifecycle")?.ContainsKey("stopSignal") == true)
                    return true;
            }
        }
        return false;
    }
}
