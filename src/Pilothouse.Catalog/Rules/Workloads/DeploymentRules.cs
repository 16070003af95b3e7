using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Deployments: replica sets that are replaced step by step.</summary>
internal sealed class DeploymentRules : ReplicaSetRules
{
    protected override void ValidateSpec(WriteContext context, JsonObject obj, JsonObject? old, PodValidationOptions options, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        errors.CheckNotNegative(spec, FieldPath.Spec, "replicas");
        ValidateSelectorAndTemplate(spec, options, errors);
        ValidateStrategy(spec.Object("strategy") ?? [], FieldPath.Spec.Child("strategy"), errors);
        errors.CheckNotNegative(spec, FieldPath.Spec, "minReadySeconds");
        errors.CheckNotNegative(spec, FieldPath.Spec, "revisionHistoryLimit");
        if (spec.Integer("progressDeadlineSeconds") is { } deadline)
        {
            errors.CheckNotNegative(spec, FieldPath.Spec, "progressDeadlineSeconds");
            if (deadline <= (spec.Integer("minReadySeconds") ?? 0))
                errors.Invalid(FieldPath.Spec.Child("progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds");
        }
        ValidateSelectorIsKept(spec, old, errors);
    }

    protected override void ValidateStatus(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        CheckCounts(obj, errors,
            "observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas", "terminatingReplicas",
            "collisionCount");
        CheckPartsOfReplicas(obj, errors, "readyReplicas", "updatedReplicas", "readyReplicas", "availableReplicas");
        CheckNotDecremented(obj, old, errors);
    }

    // The deployment controller reads some of the annotations.
    protected override bool IsNewGeneration(JsonObject obj, JsonObject old) =>
        base.IsNewGeneration(obj, old)
        || !TreeEquality.Same(obj.Object("metadata").Object("annotations"), old.Object("metadata").Object("annotations"));

    private static void ValidateStrategy(JsonObject strategy, FieldPath path, FieldErrors errors)
    {
        var rolling = strategy.Object("rollingUpdate");
        switch (strategy.Text("type"))
        {
            case "Recreate":
                if (rolling is not null)
                    errors.Forbidden(path.Child("rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'");
                break;
            case "RollingUpdate":
                if (rolling is null)
                    errors.Required(path.Child("rollingUpdate"), "this should be defaulted and never be nil");
                else
                    ValidateRollingUpdate(rolling, path.Child("rollingUpdate"), errors);
                break;
            default:
                errors.NotSupported(path, InternalForm.Show(strategy, "DeploymentStrategy"), "Recreate", "RollingUpdate");
                break;
        }
    }

    private static void ValidateRollingUpdate(JsonObject rolling, FieldPath path, FieldErrors errors)
    {
        var (unavailable, surge) = (rolling["maxUnavailable"], rolling["maxSurge"]);
        IntOrPercent.Validate(unavailable, path.Child("maxUnavailable"), errors);
        IntOrPercent.Validate(surge, path.Child("maxSurge"), errors);
        if (IntOrPercent.Value(unavailable) == 0 && IntOrPercent.Value(surge) == 0)
            errors.Invalid(path.Child("maxUnavailable"), IntOrPercent.Show(unavailable), "may not be 0 when `maxSurge` is 0");
        IntOrPercent.ValidateAtMostAll(unavailable, path.Child("maxUnavailable"), errors);
    }
}
