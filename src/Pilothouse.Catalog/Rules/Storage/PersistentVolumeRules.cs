using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Volumes: the server notes when their phase last changed.</summary>
internal sealed class PersistentVolumeRules : KindRules
{
    private const string Form = "PersistentVolumeSource";
    private const string OldMountOptions = "volume.beta.kubernetes.io/mount-options";

    /// <summary>Sources that are mounted with options.</summary>
    private static readonly string[] WithMountOptions =
    [
        "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "nfs", "rbd", "quobyte", "iscsi", "cinder", "cephfs", "azureFile",
        "vsphereVolume", "azureDisk", "photonPersistentDisk",
    ];

    private static readonly (string Annotation, string Note)[] OldAnnotations =
    [
        ("volume.beta.kubernetes.io/storage-class", "deprecated since v1.8; use \"storageClassName\" attribute instead"),
        (OldMountOptions, "deprecated since v1.31; use \"mountOptions\" attribute instead"),
    ];

    /// <summary>Kinds of volumes whose time is over.</summary>
    private static readonly (string Source, string Note)[] Gone =
    [
        ("cephfs", "spec.cephfs: deprecated in v1.28, non-functional in v1.31+"),
        ("photonPersistentDisk", "spec.photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+"),
        ("scaleIO", "spec.scaleIO: deprecated in v1.16, non-functional in v1.22+"),
        ("storageos", "spec.storageOS: deprecated in v1.22, non-functional in v1.25+"),
        ("glusterfs", "spec.glusterfs: deprecated in v1.25, non-functional in v1.26+"),
        ("rbd", "spec.rbd: deprecated in v1.28, non-functional in v1.31+"),
    ];

    public override bool HasStatus => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj) =>
        obj["status"] = new JsonObject { ["phase"] = "Pending", ["lastPhaseTransitionTime"] = Time(context.Now) };

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => Validate(obj, false, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
            return;
        var (spec, before) = (obj.Object("spec") ?? [], old.Object("spec") ?? []);
        // Upstream's update checks the whole volume too, after its strategy did: every fault is named twice.
        Validate(obj, HasInvalidValues(before), errors);
        Validate(obj, HasInvalidValues(before), errors);
        foreach (var source in PersistentVolumeSpecValidation.Sources)
        {
            if (SameSource(spec.Object(source), before.Object(source)))
                continue;
            errors.Forbidden(FieldPath.Spec.Child("persistentvolumesource"), "spec.persistentvolumesource is immutable after creation\n"
                + FormDiff.Of(InternalForm.Of(before, Form), InternalForm.Of(spec, Form)));
            break;
        }
        errors.CheckSame(spec["volumeMode"], before["volumeMode"], FieldPath.Of("volumeMode"));
        if (before.Object("nodeAffinity") is { } affinity && !SameAffinity(spec.Object("nodeAffinity"), affinity))
        {
            errors.Invalid(FieldPath.Of("nodeAffinity"), InternalForm.Show(spec["nodeAffinity"], "VolumeNodeAffinity", affinity),
                "field is immutable, except for updating from beta label to GA");
        }
        if (before.ContainsKey("volumeAttributesClassName") && !spec.ContainsKey("volumeAttributesClassName"))
            errors.Forbidden(FieldPath.Spec.Child("volumeAttributesClassName"), "update from non-nil value to nil is forbidden");
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        if (context.Subresource == "status")
            return;
        var spec = obj.Object("spec") ?? [];
        var annotations = obj.Object("metadata").Object("annotations");
        foreach (var (annotation, note) in OldAnnotations)
        {
            if (annotations?.ContainsKey(annotation) == true)
                context.Warnings.Add($"metadata.annotations[{annotation}]: {note}");
        }
        if (spec.Word("persistentVolumeReclaimPolicy") == "Recycle")
        {
            context.Warnings.Add("spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. "
                + "Instead, the recommended approach is to use dynamic provisioning.");
        }
        foreach (var (i, term) in spec.Object("nodeAffinity").Object("required").Items("nodeSelectorTerms"))
            NodeLabels.WarnOfExpressions(term, $"spec.nodeAffinity.required.nodeSelectorTerms[{i}]", context.Warnings);
        foreach (var (source, note) in Gone)
        {
            if (spec.ContainsKey(source))
                context.Warnings.Add(note);
        }
    }

    private static void Validate(JsonObject obj, bool allowInvalidValues, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        PersistentVolumeSpecValidation.Validate(
            spec, obj.Object("metadata").Word("name"), inline: false, FieldPath.Spec, allowInvalidValues, errors);
        if (obj.Object("metadata").Object("annotations")?.ContainsKey(OldMountOptions) == true && !WithMountOptions.Any(spec.ContainsKey))
            errors.Forbidden(FieldPath.Metadata.Child("annotations", OldMountOptions), "may not specify mount options for this volume type");
    }

    private static bool HasInvalidValues(JsonObject spec)
    {
        foreach (var (_, term) in spec.Object("nodeAffinity").Object("required").Items("nodeSelectorTerms"))
        {
            foreach (var (_, expression) in term.Items("matchExpressions"))
            {
                foreach (var (_, value) in expression.Words("values"))
                {
                    if (NameFormats.LabelValue(value).Count > 0)
                        return true;
                }
            }
        }
        return false;
    }

    /// <summary>A source stays as it is, but for the secret with which a driver makes the volume larger: it may be added.</summary>
    private static bool SameSource(JsonObject? source, JsonObject? old)
    {
        const string Expand = "controllerExpandSecretRef";
        if ((source is null) != (old is null))
            return false;
        if (source?.ContainsKey(Expand) == true && old?.ContainsKey(Expand) == false)
        {
            source = (JsonObject)source.DeepClone();
            source.Remove(Expand);
        }
        return TreeEquality.Same(source, old);
    }

    /// <summary>Labels of nodes that have got other names may be replaced by those.</summary>
    private static bool SameAffinity(JsonObject? affinity, JsonObject old) =>
        affinity is not null && TreeEquality.Same(NodeLabels.WithNewNames(affinity, old), old);

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource != "status")
            return;
        // The phase is defaulted, and so is what a status that was taken away altogether becomes.
        var status = obj.ObjectOrNew("status");
        if (!status.ContainsKey("phase"))
            status["phase"] = "Pending";
        var before = old.Object("status");
        if (before?.Text("phase") != status.Text("phase") && TreeEquality.Same(before?["lastPhaseTransitionTime"], status["lastPhaseTransitionTime"]))
            status["lastPhaseTransitionTime"] = Time(context.Now);
        else if (!status.ContainsKey("lastPhaseTransitionTime") && before is not null)
            Carry("lastPhaseTransitionTime", status, before);
    }
}
