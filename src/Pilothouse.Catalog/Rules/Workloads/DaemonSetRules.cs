using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Daemon sets count the states of their template apart, in an annotation since the field for it went.</summary>
internal sealed class DaemonSetRules : WorkloadRules
{
    private const string TemplateGeneration = "deprecated.daemonset.template.generation";

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        Put(obj, 1);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource == "status")
            return;
        var noted = old.Object("metadata").Object("annotations")?.Text(TemplateGeneration);
        var count = long.TryParse(noted, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        Put(obj, TreeEquality.Same(obj.Object("spec")?["template"], old.Object("spec")?["template"]) ? count : count + 1);
    }

    protected override void ValidateSpec(WriteContext context, JsonObject obj, JsonObject? old, PodValidationOptions options, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var selector = spec.Object("selector");
        if (old is not null && !TreeEquality.Same(selector, old.Object("spec")?["selector"]))
            errors.Invalid(FieldPath.Spec.Child("selector"), InternalForm.Show(selector, "LabelSelector"), FieldErrorWriting.Immutable);
        var before = errors.All.Count;
        var allowInvalid = LabelSelectorValidation.HasInvalidValue(old.Object("spec").Object("selector"));
        LabelSelectorValidation.Validate(selector, FieldPath.Spec.Child("selector"), errors, allowInvalid);
        var template = spec.Object("template") ?? [];
        if (errors.All.Count == before && !SelectorMatching.Matches(selector, template.Object("metadata").Object("labels")))
            SelectorRules.Refuse(spec.Object("template"), errors);
        if (selector is not null && SelectorMatching.IsEmpty(selector))
            errors.Invalid(FieldPath.Spec.Child("selector"), InternalForm.Show(selector, "LabelSelector"), "empty selector is invalid for daemonset");
        PodTemplateValidation.Validate(template, TemplatePath, options, errors);
        PodTemplateValidation.RequireEndless(template, "DaemonSet", TemplatePath, errors);
        errors.CheckNotNegative(spec, FieldPath.Spec, "minReadySeconds");
        ValidateStrategy(spec.Object("updateStrategy") ?? [], FieldPath.Spec.Child("updateStrategy"), errors);
        errors.CheckNotNegative(spec, FieldPath.Spec, "revisionHistoryLimit");
    }

    protected override void ValidateStatus(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        CheckCounts(obj, errors, "currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady", "observedGeneration",
            "updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount");
        CheckNotDecremented(obj, old, errors);
    }

    private static void ValidateStrategy(JsonObject strategy, FieldPath path, FieldErrors errors)
    {
        switch (strategy.Text("type"))
        {
            case "OnDelete":
                break;
            case "RollingUpdate":
                if (strategy.Object("rollingUpdate") is { } rolling)
                    ValidateRollingUpdate(rolling, path.Child("rollingUpdate"), errors);
                else
                    errors.Required(path.Child("rollingUpdate"));
                break;
            default:
                errors.NotSupported(path, InternalForm.Show(strategy, "DaemonSetUpdateStrategy"), "RollingUpdate", "OnDelete");
                break;
        }
    }

    private static void ValidateRollingUpdate(JsonObject rolling, FieldPath path, FieldErrors errors)
    {
        var (unavailable, surge) = (rolling["maxUnavailable"], rolling["maxSurge"]);
        IntOrPercent.Validate(unavailable, path.Child("maxUnavailable"), errors);
        IntOrPercent.Validate(surge, path.Child("maxSurge"), errors);
        IntOrPercent.ValidateAtMostAll(unavailable, path.Child("maxUnavailable"), errors);
        IntOrPercent.ValidateAtMostAll(surge, path.Child("maxSurge"), errors);
        var (some, more) = (IntOrPercent.Value(unavailable) != 0, IntOrPercent.Value(surge) != 0);
        if (some && more)
            errors.Invalid(path.Child("maxSurge"), IntOrPercent.Show(surge), "may not be set when maxUnavailable is non-zero");
        else if (!some && !more)
            errors.Required(path.Child("maxUnavailable"), "cannot be 0 when maxSurge is 0");
    }

    private static void Put(JsonObject obj, long count) =>
        ObjectMetadata.Of(obj).Json.ObjectOrNew("annotations")[TemplateGeneration] = count.ToString(CultureInfo.InvariantCulture);
}
