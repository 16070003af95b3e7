using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Claims: pending until somebody binds them.</summary>
internal sealed class PersistentVolumeClaimRules : KindRules
{
    private const string Form = "PersistentVolumeClaimSpec";
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    public override bool HasStatus => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        obj["status"] = new JsonObject { ["phase"] = "Pending" };
        DropSources(obj.ObjectOrNew("spec"), null);
        NormalizeSource(obj.ObjectOrNew("spec"));
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource.Length > 0)
            return;
        DropSources(obj.ObjectOrNew("spec"), old.Object("spec"));
        NormalizeSource(obj.ObjectOrNew("spec"));
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) =>
        PersistentVolumeClaimSpecValidation.Validate(obj.Object("spec") ?? [], FieldPath.Spec, default, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
        {
            ClaimStatusValidation.Validate(obj, errors);
            return;
        }
        var (spec, before) = (obj.Object("spec") ?? [], (JsonObject)(old.Object("spec") ?? []).DeepClone());
        NormalizeSource(before);
        var wrong = new FieldErrors();
        LabelSelectorValidation.Validate(before.Object("selector"), FieldPath.Spec, wrong);
        var options = new PersistentVolumeClaimSpecValidation.Options(
            wrong.Any, before.Object("dataSource")?.ContainsKey("apiGroup") == true || before.Object("dataSourceRef")?.ContainsKey("apiGroup") == true);
        PersistentVolumeClaimSpecValidation.Validate(spec, FieldPath.Spec, options, errors);
        ValidateChange(obj, old, spec, before, errors);
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        if (context.Subresource == "status")
            return;
        if (obj.Object("metadata").Object("annotations")?.ContainsKey(ClassAnnotation) == true)
            context.Warnings.Add($"metadata.annotations[{ClassAnnotation}]: deprecated since v1.8; use \"storageClassName\" attribute instead");
        foreach (var field in (ReadOnlySpan<string>)["requests", "limits"])
        {
            if (Storage(obj.Object("spec").Object("resources").Object(field)) is var amount && amount.MilliValue % 1000 != 0)
            {
                context.Warnings.Add(
                    $"spec.resources.{field}[storage]: fractional byte value {GoText.Quote(amount.ToString())} is invalid, must be an integer");
            }
        }
    }

    /// <summary>A claim stays as it is, but for its size, the class of its volume's attributes, and, once, its volume and class.</summary>
    private static void ValidateChange(JsonObject obj, JsonObject old, JsonObject spec, JsonObject before, FieldErrors errors)
    {
        var (now, was) = ((JsonObject)spec.DeepClone(), (JsonObject)before.DeepClone());
        if (was.Word("volumeName").Length == 0)
            Carry("volumeName", was, now);
        var (annotation, oldAnnotation) = (obj.Object("metadata").Object("annotations")?.Text(ClassAnnotation), old.Object("metadata").Object("annotations")?.Text(ClassAnnotation));
        var (name, oldName) = (spec.Text("storageClassName"), before.Text("storageClassName"));
        if (oldAnnotation is not null && oldName is null && name == oldAnnotation && (annotation is null || annotation == oldAnnotation))
        {
            now.Remove("storageClassName");
        }
        else
        {
            if ((annotation ?? "") != (oldAnnotation ?? ""))
                errors.Invalid(FieldPath.Metadata.Child("annotations", ClassAnnotation), annotation ?? "", FieldErrorWriting.Immutable);
            if (name is not null && oldName is null && (oldAnnotation is null || name == oldAnnotation))
                now.Remove("storageClassName");
        }
        if (obj.Object("status").Word("phase") == "Bound")
        {
            if (now.Object("resources").Object("requests") is { } requests)
                Carry("storage", requests, was.Object("resources").Object("requests") ?? []);
            Carry("volumeAttributesClassName", now, was);
        }
        if (!TreeEquality.Same(now, was))
        {
            errors.Forbidden(FieldPath.Spec,
                "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n"
                + FormDiff.Of(InternalForm.Of(was, Form), InternalForm.Of(now, Form)));
        }
        var (size, oldSize) = (Storage(spec.Object("resources").Object("requests")), Storage(before.Object("resources").Object("requests")));
        if (size < oldSize && size <= Storage(old.Object("status").Object("capacity")))
            errors.Forbidden(FieldPath.Spec.Child("resources", "requests").Child("storage"), "field can not be less than status.capacity");
        errors.CheckSame(spec["volumeMode"], before["volumeMode"], FieldPath.Of("volumeMode"));
        if (spec.Text("volumeAttributesClassName") is var attributes && attributes != before.Text("volumeAttributesClassName")
            && old.Object("status")?.ContainsKey("currentVolumeAttributesClassName") == true && string.IsNullOrEmpty(attributes))
        {
            errors.Forbidden(FieldPath.Spec.Child("volumeAttributesClassName"),
                $"update to {(attributes is null ? "nil" : "empty string")} is forbidden when status.currentVolumeAttributesClassName is not nil");
        }
    }

    private static Quantity Storage(JsonObject? amounts) =>
        amounts is not null && amounts.TryGetPropertyValue("storage", out var value) ? QuantityValidation.Read(value) : Quantity.Zero;

    /// <summary>
    /// Sources in other namespaces are a feature that is off, and data sources that no old client could have meant are dropped
    /// without a word, as they always were.
    /// </summary>
    private static void DropSources(JsonObject spec, JsonObject? old)
    {
        if (spec.Object("dataSourceRef").Word("namespace").Length > 0 && old?.ContainsKey("dataSourceRef") != true)
            spec.Remove("dataSourceRef");
        var inUse = old?.ContainsKey("dataSource") == true || old?.ContainsKey("dataSourceRef") == true;
        if (!inUse && !spec.ContainsKey("dataSourceRef") && spec.Object("dataSource") is { } source && !IsCoreSource(source))
            spec.Remove("dataSource");
    }

    /// <summary>The older and the newer field for what to fill the volume with say the same, in both directions.</summary>
    private static void NormalizeSource(JsonObject spec)
    {
        if (spec.Object("dataSource") is { } source && !spec.ContainsKey("dataSourceRef"))
        {
            spec["dataSourceRef"] = source.DeepClone();
        }
        else if (spec.Object("dataSourceRef") is { } reference && !spec.ContainsKey("dataSource")
            && string.IsNullOrEmpty(reference.Text("namespace")))
        {
            spec["dataSource"] = reference.DeepClone();
            spec.Object("dataSource")!.Remove("namespace");
        }
    }

    private static bool IsCoreSource(JsonObject reference) => (reference.Text("apiGroup") ?? "", reference.Text("kind")) is
        ("", "PersistentVolumeClaim") or ("snapshot.storage.k8s.io", "VolumeSnapshot");
}
