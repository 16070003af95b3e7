using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Volumes to be attached to nodes: which to which does not change.</summary>
internal sealed class VolumeAttachmentRules : KindRules
{
    private const int MaxMetadataSize = 256 * 1024;
    private const int MaxMessageSize = 1024;

    public override bool HasStatus => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        errors.CheckDriverName(spec.Word("attacher"), FieldPath.Spec.Child("attacher"));
        var source = spec.Object("source") ?? [];
        var path = FieldPath.Spec.Child("source");
        var (inline, volume) = (source.Object("inlineVolumeSpec"), source.Text("persistentVolumeName"));
        if (inline is null && volume is null)
            errors.Required(path, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        else if (inline is not null && volume is not null)
            errors.Forbidden(path, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        else if (volume is { Length: 0 })
            errors.Required(path.Child("persistentVolumeName"), "must specify non empty persistentVolumeName");
        else if (inline is not null)
            PersistentVolumeSpecValidation.Validate(inline, "", inline: true, path.Child("inlineVolumeSpec"), false, errors);
        var node = spec.Word("nodeName");
        errors.InvalidEach(FieldPath.Spec, "nodeName", node, NameFormats.DnsSubdomain(node));
        ValidateStatus(obj.Object("status"), errors);
        if (volume is not null)
            errors.InvalidEach(path, "persistentVolumeName", volume, NameFormats.DnsSubdomain(volume));
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        Validate(context, obj, errors);
        errors.CheckImmutable(obj.Object("spec") ?? [], old["spec"], "VolumeAttachmentSpec", FieldPath.Spec);
    }

    private static void ValidateStatus(JsonObject? status, FieldErrors errors)
    {
        var size = 0L;
        foreach (var (name, value) in status.Object("attachmentMetadata") ?? [])
            size += FieldChecks.Bytes(name) + FieldChecks.Bytes(value.AsText() ?? "");
        if (size > MaxMetadataSize)
            errors.TooLong(FieldPath.Status.Child("attachmentMetadata"), MaxMetadataSize);
        foreach (var field in (ReadOnlySpan<string>)["attachError", "detachError"])
        {
            if (status.Object(field) is not { } error)
                continue;
            // The number in the message is upstream's.
            if (FieldChecks.Bytes(error.Word("message")) > MaxMessageSize)
                errors.TooLong(FieldPath.Status.Child(field, "message"), MaxMetadataSize);
            if (error.Integer("errorCode") is < 0 and { } code)
                errors.Invalid(FieldPath.Status.Child(field, "errorCode"), code, FieldFormats.Between(0, int.MaxValue));
        }
    }
}
