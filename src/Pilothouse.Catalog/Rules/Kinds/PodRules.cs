using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Pods. Once created, hardly anything of what is wanted changes; and a delete waits for the kubelet that runs them.
/// </summary>
internal sealed class PodRules : KindRules
{
    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        var spec = obj.ObjectOrNew("spec");
        var status = new JsonObject { ["phase"] = "Pending", ["qosClass"] = PodQuality.Of(spec) };
        if (spec.List("schedulingGates") is { Count: > 0 })
        {
            status["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "PodScheduled",
                ["status"] = "False",
                ["reason"] = "SchedulingGated",
                ["message"] = "Scheduling is blocked due to non-empty scheduling gates",
            });
        }
        obj["status"] = status;
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        switch (context.Subresource)
        {
            case "status":
                base.PrepareForUpdate(context, obj, old);
                // Old kubelets corrupt owner references; the class of service was decided at the beginning.
                CarryMetadata(obj, old, "deletionTimestamp", "ownerReferences");
                if (old.Object("status") is { } before)
                    PodStatusRules.KeepWhatOldClientsDrop(obj.ObjectOrNew("status"), before);
                return;
            case "ephemeralcontainers":
                CarryAllBut(obj, old, "ephemeralContainers");
                break;
            case "resize":
                PodResize.CarryAllButResources(obj, old);
                break;
        }
        base.PrepareForUpdate(context, obj, old);
    }

    public override TimeSpan? DeletionGracePeriod(WriteContext context, JsonObject obj, TimeSpan? requested)
    {
        var spec = obj.Object("spec") ?? [];
        var period = requested ?? TimeSpan.FromSeconds(spec.Integer("terminationGracePeriodSeconds") ?? 0);
        // Nobody runs it: there is nobody to wait for.
        if (string.IsNullOrEmpty(spec.Text("nodeName")) || obj.Object("status")?.Text("phase") is "Failed" or "Succeeded")
            return TimeSpan.Zero;
        return period < TimeSpan.Zero ? TimeSpan.FromSeconds(1) : period;
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        PodSpecValidation.Validate(obj.Object("spec") ?? [], "spec", errors);
        PodSpecValidation.Warn(obj.Object("spec") ?? [], "spec", context.Warnings);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "resize")
            PodResize.Validate(obj, old, errors);
        else if (context.Subresource.Length == 0)
            PodUpdateValidation.Validate(obj.Object("spec") ?? [], old.Object("spec") ?? [], errors);
    }

    private static void CarryAllBut(JsonObject obj, JsonObject old, string name)
    {
        var given = obj.Object("spec")?[name]?.DeepClone();
        Carry("spec", obj, old);
        var spec = obj.ObjectOrNew("spec");
        if (given is null)
            spec.Remove(name);
        else
            spec[name] = given;
        CarryMetadata(obj, old, "deletionTimestamp", "labels", "annotations", "finalizers", "ownerReferences");
    }
}
