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
        PodDisabledFields.Drop(spec, null);
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
        PodLabelKeys.MergeIntoSelectors(spec, obj.Object("metadata").Object("labels"));
        PodAppArmor.TakeOverAnnotations(spec, obj.Object("metadata").Object("annotations"), context.Warnings);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        switch (context.Subresource)
        {
            case "binding":
                // The server's own step: it puts a pod that is there on its node, and says so in its status.
                return;
            case "status":
                base.PrepareForUpdate(context, obj, old);
                // Old kubelets corrupt owner references; the class of service was decided at the beginning.
                CarryMetadata(obj, old, "deletionTimestamp", "ownerReferences");
                if (old.Object("status") is { } before)
                    PodStatusRules.KeepWhatOldClientsDrop(obj.ObjectOrNew("status"), before);
                PodDisabledFields.DropFromStatus(obj.Object("status"), old.Object("status"));
                return;
            case "ephemeralcontainers":
                CarryAllBut(obj, old, "ephemeralContainers");
                break;
            case "resize":
                PodResize.CarryAllButResources(obj, old);
                break;
        }
        PodDisabledFields.Drop(obj.ObjectOrNew("spec"), old.Object("spec"));
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
        var metadata = obj.Object("metadata") ?? [];
        var spec = obj.Object("spec") ?? [];
        ValidatePod(metadata, spec, PodValidationOptions.ForCreate(context, isPod: true), errors);
        if (spec.List("ephemeralContainers") is { Count: > 0 })
            errors.Forbidden(FieldPath.Spec.Child("ephemeralContainers"), "cannot be set on create");
        if (spec.List("schedulingGates") is { Count: > 0 } && !string.IsNullOrEmpty(spec.Text("nodeName")))
            errors.Forbidden(FieldPath.Spec.Child("nodeName"), "cannot be set until all schedulingGates have been cleared");
        PodAnnotationValidation.ValidateMatchingFields(metadata.Object("annotations"), spec, FieldPath.Spec, errors);
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        if (old is not null)
        {
            if (context.Subresource == "status")
                PodStatusValidation.Warn(obj.Object("status"), context.Warnings);
            return;
        }
        var metadata = obj.Object("metadata") ?? [];
        if (NameFormats.DnsLabel(metadata.Text("name") ?? "") is { Count: > 0 } faults)
        {
            context.Warnings.Add("metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; "
                + $"a DNS label is recommended: [{string.Join(' ', faults)}]");
        }
        PodWarnings.Collect(metadata, obj.Object("spec") ?? [], null, context.Warnings);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "binding")
            return;
        var (metadata, spec) = (obj.Object("metadata") ?? [], obj.Object("spec") ?? []);
        var (oldMetadata, oldSpec) = (old.Object("metadata") ?? [], old.Object("spec") ?? []);
        var annotations = FieldPath.Metadata.Child("annotations");
        var options = PodValidationOptions.ForUpdate(context, isPod: true, oldSpec, oldMetadata.Object("annotations"));
        if (context.Subresource == "status")
        {
            PodAnnotationValidation.ValidateUpdate(metadata.Object("annotations"), oldMetadata.Object("annotations"), annotations, errors);
            PodAnnotationValidation.Validate(metadata.Object("annotations"), spec, annotations, options, errors);
            PodStatusValidation.Validate(obj, old, errors);
            return;
        }
        MetadataValidation.ValidateCreate(obj, namespaced: true, NameRule, errors);
        ValidatePod(metadata, spec, options, errors);
        if (context.Subresource == "resize")
        {
            PodResize.Validate(obj, old, errors);
            return;
        }
        PodAnnotationValidation.ValidateUpdate(metadata.Object("annotations"), oldMetadata.Object("annotations"), annotations, errors);
        PodAnnotationValidation.Validate(metadata.Object("annotations"), spec, annotations, options, errors);
        if (context.Subresource == "ephemeralcontainers")
            PodUpdateValidation.ValidateEphemeral(spec, oldSpec, oldMetadata, errors);
        else
            PodUpdateValidation.Validate(spec, oldSpec, errors);
    }

    private static void ValidatePod(JsonObject metadata, JsonObject spec, PodValidationOptions options, FieldErrors errors)
    {
        PodAnnotationValidation.Validate(metadata.Object("annotations"), spec, FieldPath.Metadata.Child("annotations"), options, errors);
        PodSpecValidation.Validate(spec, metadata, FieldPath.Spec, options, errors);
        if (string.IsNullOrEmpty(spec.Text("serviceAccountName")))
            RefuseTokens(spec.List("volumes"), errors);
        ContainerValidation.ValidateOnlyForPod(spec, FieldPath.Spec, errors);
    }

    /// <summary>Nobody's token cannot be mounted.</summary>
    private static void RefuseTokens(JsonArray? volumes, FieldErrors errors)
    {
        for (var i = 0; i < (volumes?.Count ?? 0); i++)
        {
            var sources = (volumes![i] as JsonObject).Object("projected").List("sources");
            for (var j = 0; j < (sources?.Count ?? 0); j++)
            {
                if ((sources![j] as JsonObject).Object("serviceAccountToken") is not null)
                {
                    errors.Forbidden(FieldPath.Spec.Child("volumes").Index(i).Child("projected", "sources").Index(j).Child("serviceAccountToken"),
                        "must not be specified when serviceAccountName is not set");
                }
            }
        }
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
