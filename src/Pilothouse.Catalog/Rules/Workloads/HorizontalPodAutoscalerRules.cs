using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Autoscalers: between which numbers, of what, by which metrics, how fast.</summary>
internal sealed class HorizontalPodAutoscalerRules : KindRules
{
    private const long MaxPeriod = 1800;
    private const long MaxWindow = 3600;

    public override bool HasStatus => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => ValidateSpec(obj.Object("spec") ?? [], null, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource != "status")
        {
            ValidateSpec(obj.Object("spec") ?? [], old.Object("spec") ?? [], errors);
            return;
        }
        var status = obj.Object("status") ?? [];
        errors.CheckNotNegative(status, FieldPath.Status, "currentReplicas");
        errors.CheckNotNegative(status, FieldPath.Status, "desiredReplicas");
    }

    private static void ValidateSpec(JsonObject spec, JsonObject? old, FieldErrors errors)
    {
        var path = FieldPath.Spec;
        // Scaling to zero belongs to a feature that is off, but may stay where it was (gate HPAScaleToZero).
        var lowest = old?.Integer("minReplicas") == 0 ? 0 : 1;
        var (min, max) = (spec.Integer("minReplicas"), spec.Integer("maxReplicas") ?? 0);
        if (min < lowest)
            errors.Invalid(path.Child("minReplicas"), min, $"must be greater than or equal to {lowest}");
        if (max == 0)
            errors.Required(path.Child("maxReplicas"), "must be set and greater than 0");
        else if (max < 1)
            errors.Invalid(path.Child("maxReplicas"), max, "must be greater than or equal to 1");
        if (max < min)
            errors.Invalid(path.Child("maxReplicas"), max, "must be greater than or equal to `minReplicas`");
        var target = spec.Object("scaleTargetRef") ?? [];
        // What was let in before groups were asked for may stay; of the core group only one kind can be scaled.
        var isKept = old.Object("scaleTargetRef") is { } oldTarget && target.Word("apiVersion") == oldTarget.Word("apiVersion")
            && target.Word("kind") == oldTarget.Word("kind");
        MetricValidation.ValidateReference(
            target, path.Child("scaleTargetRef"), skipVersion: isKept, allowCore: target.Word("kind") == "ReplicationController", errors);
        var metrics = spec.List("metrics");
        var skipVersions = old.Objects("metrics").Any(m => m.Object("object") is { } source && IsVersionBroken(source.Object("describedObject"), allowCore: true));
        for (var i = 0; i < (metrics?.Count ?? 0); i++)
            MetricValidation.Validate(metrics![i] as JsonObject ?? [], path.Child("metrics").Index(i), skipVersions, errors);
        if (min == 0 && metrics?.OfType<JsonObject>().Any(m => m.Text("type") is "Object" or "External") != true)
            errors.Forbidden(path.Child("metrics"), "must specify at least one Object or External metric to support scaling to zero replicas");
        foreach (var field in (ReadOnlySpan<string>)["scaleUp", "scaleDown"])
        {
            if (spec.Object("behavior").Object(field) is { } rules)
                ValidateScaling(rules, path.Child("behavior", field), errors);
        }
    }

    private static bool IsVersionBroken(JsonObject? reference, bool allowCore) =>
        reference is not null && MetricValidation.VersionFault(reference, allowCore) is not null;

    private static void ValidateScaling(JsonObject rules, FieldPath path, FieldErrors errors)
    {
        if (rules.Integer("stabilizationWindowSeconds") is { } window)
        {
            if (window < 0)
                errors.Invalid(path.Child("stabilizationWindowSeconds"), window, "must be greater than or equal to zero");
            if (window > MaxWindow)
                errors.Invalid(path.Child("stabilizationWindowSeconds"), window, $"must be less than or equal to {MaxWindow}");
        }
        if (rules.Text("selectPolicy") is { } select && select is not ("Max" or "Min" or "Disabled"))
            errors.NotSupported(path.Child("selectPolicy"), select, "Disabled", "Max", "Min");
        var policies = rules.List("policies");
        if (policies is not { Count: > 0 })
            errors.Required(path.Child("policies"), "must specify at least one Policy");
        for (var i = 0; i < (policies?.Count ?? 0); i++)
        {
            var policy = policies![i] as JsonObject ?? [];
            var at = path.Child("policies").Index(i);
            if (policy.Text("type") is var type && type is not ("Pods" or "Percent"))
                errors.NotSupported(at.Child("type"), type ?? "", "Percent", "Pods");
            errors.CheckPositive(policy, at, "value");
            errors.CheckPositive(policy, at, "periodSeconds");
            if (policy.Integer("periodSeconds") > MaxPeriod)
                errors.Invalid(at.Child("periodSeconds"), policy.Integer("periodSeconds"), $"must be less than or equal to {MaxPeriod}");
        }
        if (rules["tolerance"] is { } tolerance)
            QuantityValidation.ValidateNotNegative(QuantityValidation.Read(tolerance), path.Child("tolerance"), errors);
    }
}
