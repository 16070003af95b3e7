using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Replica sets, and what deployments share with them.</summary>
internal class ReplicaSetRules : WorkloadRules
{
    protected override string? NameAdvice => "Pod names and hostnames";

    protected override void ValidateSpec(WriteContext context, JsonObject obj, JsonObject? old, PodValidationOptions options, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        if (old is not null)
            MetadataValidation.ValidateCreate(obj, namespaced: true, NameRule, errors);
        var count = errors.All.Count;
        errors.CheckNotNegative(spec, FieldPath.Spec, "replicas");
        errors.CheckNotNegative(spec, FieldPath.Spec, "minReadySeconds");
        ValidateSelectorAndTemplate(spec, options, errors);
        if (old is not null)
            errors.RepeatFrom(count);
        ValidateSelectorIsKept(spec, old, errors);
    }

    protected override void ValidateStatus(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        CheckCounts(obj, errors, "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration", "terminatingReplicas");
        CheckPartsOfReplicas(obj, errors, "readyReplicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas");
    }

    protected static void ValidateSelectorAndTemplate(JsonObject spec, PodValidationOptions options, FieldErrors errors)
    {
        // Upstream says deployment here for both kinds.
        if (!SelectorRules.Validate(spec, "deployment", "invalid label selector", errors))
            return;
        var template = spec.Object("template") ?? [];
        SelectorRules.ValidateLabels(spec.Object("selector"), template, errors);
        PodTemplateValidation.Validate(template, FieldPath.Spec.Child("template"), options, errors);
        PodTemplateValidation.RequireEndless(template, "ReplicaSet", FieldPath.Spec.Child("template"), errors);
    }

    protected static void ValidateSelectorIsKept(JsonObject spec, JsonObject? old, FieldErrors errors)
    {
        if (old is not null && !TreeEquality.Same(spec["selector"], old.Object("spec")?["selector"]))
            errors.Invalid(FieldPath.Spec.Child("selector"), InternalForm.Show(spec.Object("selector"), "LabelSelector"), FieldErrorWriting.Immutable);
    }
}
