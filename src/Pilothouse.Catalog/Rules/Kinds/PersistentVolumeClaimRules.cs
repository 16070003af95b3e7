using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Claims: pending until somebody binds them.</summary>
internal sealed class PersistentVolumeClaimRules : KindRules
{
    public override bool HasStatus => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        obj["status"] = new JsonObject { ["phase"] = "Pending" };
        NormalizeSource(obj.ObjectOrNew("spec"));
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource.Length == 0)
            NormalizeSource(obj.ObjectOrNew("spec"));
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        const string Annotation = "volume.beta.kubernetes.io/storage-class";
        if (obj.Object("metadata").Object("annotations")?.ContainsKey(Annotation) == true)
            context.Warnings.Add($"metadata.annotations[{Annotation}]: deprecated since v1.8; use \"storageClassName\" attribute instead");
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
    }

    /// <summary>The older and the newer field for what to fill the volume with say the same, in both directions.</summary>
    private static void NormalizeSource(JsonObject spec)
    {
        if (spec.Object("dataSource") is { } source && !spec.ContainsKey("dataSourceRef"))
        {
            spec["dataSourceRef"] = source.DeepClone();
        }
        else if (spec.Object("dataSourceRef") is { } reference && !spec.ContainsKey("dataSource")
            && string.IsNullOrEmpty(reference.Text("namespace")) && IsCoreSource(reference))
        {
            spec["dataSource"] = reference.DeepClone();
            spec.Object("dataSource")!.Remove("namespace");
        }
    }

    private static bool IsCoreSource(JsonObject reference) => (reference.Text("apiGroup") ?? "", reference.Text("kind")) is
        ("", "PersistentVolumeClaim") or ("snapshot.storage.k8s.io", "VolumeSnapshot");
}
