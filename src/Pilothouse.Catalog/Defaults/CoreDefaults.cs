using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The core group's other kinds, and storage.</summary>
internal static class CoreDefaults
{
    private const string Core = "io.k8s.api.core.v1.";

    public static Dictionary<string, DefaultRule> Rules { get; } = new()
    {
        [Core + "ReplicationController"] = FillReplicationController,
        [Core + "Secret"] = FillSecret,
        [Core + "PersistentVolume"] = (volume, _) =>
        {
            volume.ObjectOrNew("status").Default("phase", "Pending");
            var spec = volume.ObjectOrNew("spec");
            spec.Default("persistentVolumeReclaimPolicy", "Retain");
            spec.Default("volumeMode", "Filesystem");
        },
        [Core + "PersistentVolumeClaim"] = DefaultRules.In("status", DefaultRules.Values(("phase", "Pending"))),
        [Core + "PersistentVolumeClaimSpec"] = DefaultRules.Values(("volumeMode", "Filesystem")),
        [Core + "Namespace"] = FillNamespace,
        [Core + "NamespaceStatus"] = DefaultRules.Values(("phase", "Active")),
        [Core + "NodeSpec"] = FillNodeSpec,
        [Core + "NodeStatus"] = (status, _) => DefaultRules.CopyIfEmpty(status, "allocatable", status.Object("capacity")),
        [Core + "LimitRangeItem"] = FillLimitRangeItem,
        ["io.k8s.api.storage.v1.StorageClass"] = DefaultRules.Values(("reclaimPolicy", "Delete"), ("volumeBindingMode", "Immediate")),
        ["io.k8s.api.storage.v1.CSIDriver"] = FillCsiDriver,
        ["io.k8s.api.scheduling.v1.PriorityClass"] = DefaultRules.Values(("preemptionPolicy", "PreemptLowerPriority")),
        ["io.k8s.api.authentication.v1.TokenRequestSpec"] = DefaultRules.Values(("expirationSeconds", 3600)),
    };

    /// <summary>Plain text becomes data as soon as it is read (upstream: a conversion): nobody owns it under its own name.</summary>
    private static void FillSecret(JsonObject secret, DateTimeOffset now)
    {
        SecretRules.TakeOverText(secret);
        secret.Default("type", "Opaque");
    }

    private static void FillReplicationController(JsonObject controller, DateTimeOffset now)
    {
        var labels = DefaultRules.TemplateLabels(controller);
        DefaultRules.CopyIfEmpty(controller.ObjectOrNew("spec"), "selector", labels);
        DefaultRules.CopyIfEmpty(controller.ObjectOrNew("metadata"), "labels", labels);
    }

    private static void FillNamespace(JsonObject @namespace, DateTimeOffset now)
    {
        var metadata = @namespace.ObjectOrNew("metadata");
        if (metadata.Text("name") is { Length: > 0 } name)
            metadata.ObjectOrNew("labels")["kubernetes.io/metadata.name"] = name;
    }

    /// <summary>The one range and the first of the list are the same; a client that knows only the one writes only that.</summary>
    private static void FillNodeSpec(JsonObject spec, DateTimeOffset now)
    {
        var range = spec.Text("podCIDR");
        var first = spec.List("podCIDRs")?.FirstOrDefault().AsText();
        if (range is null && first is not null)
            spec["podCIDR"] = first;
        else if (range is not null && first != range)
            spec["podCIDRs"] = new JsonArray(range);
    }

    private static void FillLimitRangeItem(JsonObject item, DateTimeOffset now)
    {
        if (item.Text("type") != "Container")
            return;
        PodDefaults.CopyMissing(item, "max", "default");
        PodDefaults.CopyMissing(item, "default", "defaultRequest");
        PodDefaults.CopyMissing(item, "min", "defaultRequest");
    }

    private static void FillCsiDriver(JsonObject driver, DateTimeOffset now)
    {
        var spec = driver.ObjectOrNew("spec");
        spec.Default("attachRequired", true);
        spec.Default("podInfoOnMount", false);
        spec.Default("storageCapacity", false);
        spec.Default("fsGroupPolicy", "ReadWriteOnceWithFSType");
        if (spec.List("volumeLifecycleModes") is not { Count: > 0 })
            spec["volumeLifecycleModes"] = new JsonArray("Persistent");
        spec.Default("requiresRepublish", false);
        spec.Default("seLinuxMount", false);
    }
}
