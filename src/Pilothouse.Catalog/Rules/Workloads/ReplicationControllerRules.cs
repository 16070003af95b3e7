using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Replication controllers: the selector is a plain map of labels.</summary>
internal sealed class ReplicationControllerRules : WorkloadRules
{
    public override bool OrphansDependentsByDefault => true;

    public override NameRule NameRule => NameRule.LongName;

    protected override string? NameAdvice => "Pod names and hostnames";

    protected override void ValidateSpec(WriteContext context, JsonObject obj, JsonObject? old, PodValidationOptions options, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        if (old is not null)
            MetadataValidation.ValidateCreate(obj, namespaced: true, NameRule, errors);
        errors.CheckNotNegative(spec, FieldPath.Spec, "minReadySeconds");
        if (spec.Integer("replicas") is null)
            errors.Required(FieldPath.Spec.Child("replicas"));
        else
            errors.CheckNotNegative(spec, FieldPath.Spec, "replicas");
        var count = errors.All.Count;
        ValidateSelectorAndTemplate(spec, options, errors);
        if (old is not null)
            errors.RepeatFrom(count);
    }

    private void ValidateSelectorAndTemplate(JsonObject spec, PodValidationOptions options, FieldErrors errors)
    {
        var selector = spec.Object("selector");
        if (selector is not { Count: > 0 })
            errors.Required(FieldPath.Spec.Child("selector"));
        if (spec.Object("template") is not { } template)
        {
            errors.Required(TemplatePath);
            return;
        }
        var labels = template.Object("metadata").Object("labels");
        if (selector?.All(s => labels?.Text(s.Key) is { } value && value == (s.Value.AsText() ?? "")) == false)
            SelectorRules.Refuse(template, errors);
        PodTemplateValidation.Validate(template, TemplatePath, options, errors);
        PodTemplateValidation.RequireEndless(template, "ReplicationController", TemplatePath, errors);
    }

    protected override void ValidateStatus(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        CheckCounts(obj, errors, "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration");
        CheckPartsOfReplicas(obj, errors, "readyReplicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas");
    }
}
