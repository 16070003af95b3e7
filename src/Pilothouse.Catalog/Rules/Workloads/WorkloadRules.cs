using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Kinds that run pods from a template: what they have in common. Fields of features that are off are dropped from the template,
/// the template's warnings are told on create and whenever the generation changes.
/// </summary>
internal abstract class WorkloadRules : KindRules
{
    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    /// <summary>Where the template stands, <c>spec.template</c> for most.</summary>
    protected virtual FieldPath TemplatePath { get; } = FieldPath.Spec.Child("template");

    /// <summary>The name becomes part of names of pods and hosts, and should be a label.</summary>
    protected virtual string? NameAdvice => null;

    /// <summary>The object's template.</summary>
    protected virtual JsonObject? TemplateOf(JsonObject obj) => obj.Object("spec").Object("template");

    /// <summary>Checks what is wanted. The old state is null on create.</summary>
    protected abstract void ValidateSpec(WriteContext context, JsonObject obj, JsonObject? old, PodValidationOptions options, FieldErrors errors);

    /// <summary>Checks a status that was written.</summary>
    protected virtual void ValidateStatus(JsonObject obj, JsonObject old, FieldErrors errors)
    {
    }

    /// <summary>Warnings beside those of the template.</summary>
    protected virtual void WarnOfSpec(JsonObject obj, JsonObject? old, ICollection<string> warnings)
    {
    }

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        PodDisabledFields.DropFromTemplate(TemplateOf(obj), null);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        if (context.Subresource != "status")
            PodDisabledFields.DropFromTemplate(TemplateOf(obj), TemplateOf(old));
        base.PrepareForUpdate(context, obj, old);
    }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) =>
        ValidateSpec(context, obj, null, PodValidationOptions.ForCreate(context, isPod: false), errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
        {
            ValidateStatus(obj, old, errors);
            return;
        }
        ValidateSpec(context, obj, old, PodValidationOptions.ForTemplate(context, TemplateOf(old)), errors);
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
        if (context.Subresource == "status")
            return;
        var name = obj.Object("metadata")?.Text("name") ?? "";
        if (old is null && NameAdvice is { } advice && NameFormats.DnsLabel(name) is { Count: > 0 } faults)
        {
            context.Warnings.Add($"metadata.name: this is used in {advice}, which can result in surprising behavior; "
                + $"a DNS label is recommended: [{string.Join(' ', faults)}]");
        }
        if (old is null || ObjectMetadata.Of(obj).Generation != new ObjectMetadata(old.Object("metadata") ?? []).Generation)
            PodWarnings.CollectOfTemplate(TemplateOf(obj), TemplatePath, context.Warnings);
        WarnOfSpec(obj, old, context.Warnings);
    }

    /// <summary>A counter of a status that may not go back.</summary>
    protected static void CheckNotDecremented(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (old.Object("status")?.Integer("collisionCount") is { } before)
        {
            var now = obj.Object("status")?.Integer("collisionCount");
            if (now is null || now < before)
                errors.Invalid(FieldPath.Status.Child("collisionCount"), now ?? 0, "cannot be decremented");
        }
    }

    /// <summary>Counts of a status that may not be negative.</summary>
    protected static void CheckCounts(JsonObject obj, FieldErrors errors, params ReadOnlySpan<string> fields)
    {
        var status = obj.Object("status") ?? [];
        foreach (var field in fields)
            errors.CheckNotNegative(status, FieldPath.Status, field);
    }

    /// <summary>Counts of a status that are part of its replicas, and the available of the ready ones.</summary>
    protected static void CheckPartsOfReplicas(JsonObject obj, FieldErrors errors, string ready, params ReadOnlySpan<string> fields)
    {
        var status = obj.Object("status") ?? [];
        var replicas = status.Integer("replicas") ?? 0;
        foreach (var field in fields)
        {
            if ((status.Integer(field) ?? 0) is var value && value > replicas)
                errors.Invalid(FieldPath.Status.Child(field), value, "cannot be greater than status.replicas");
        }
        if ((status.Integer("availableReplicas") ?? 0) is var available && available > (status.Integer("readyReplicas") ?? 0))
            errors.Invalid(FieldPath.Status.Child("availableReplicas"), available, $"cannot be greater than {ready}");
    }
}
