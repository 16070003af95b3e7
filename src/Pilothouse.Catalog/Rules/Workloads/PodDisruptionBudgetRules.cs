using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>How many pods may be missing at a time.</summary>
internal sealed class PodDisruptionBudgetRules : KindRules
{
    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => ValidateSpec(obj, null, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
            ValidateStatus(obj.Object("status") ?? [], errors);
        else
            ValidateSpec(obj, old, errors);
    }

    private static void ValidateSpec(JsonObject obj, JsonObject? old, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var path = FieldPath.Spec;
        if (spec.ContainsKey("minAvailable") && spec.ContainsKey("maxUnavailable"))
            errors.Invalid(path, InternalForm.Show(spec, "PodDisruptionBudgetSpec"), "minAvailable and maxUnavailable cannot be both set");
        foreach (var field in (ReadOnlySpan<string>)["minAvailable", "maxUnavailable"])
        {
            IntOrPercent.Validate(spec[field], path.Child(field), errors);
            IntOrPercent.ValidateAtMostAll(spec[field], path.Child(field), errors);
        }
        LabelSelectorValidation.Validate(spec.Object("selector"), path.Child("selector"), errors,
            LabelSelectorValidation.HasInvalidValue(old.Object("spec").Object("selector")));
        if (spec.Text("unhealthyPodEvictionPolicy") is { } policy && policy is not ("AlwaysAllow" or "IfHealthyBudget"))
            errors.NotSupported(path.Child("unhealthyPodEvictionPolicy"), policy, "AlwaysAllow", "IfHealthyBudget");
    }

    private static void ValidateStatus(JsonObject status, FieldErrors errors)
    {
        ConditionValidation.Validate(status.List("conditions"), FieldPath.Status.Child("conditions"), errors);
        foreach (var field in (ReadOnlySpan<string>)["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"])
            errors.CheckNotNegative(status, FieldPath.Status, field);
    }
}
