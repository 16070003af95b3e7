using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What may change of a job: little once it runs; while it is suspended, where its pods may run and what they may use.</summary>
internal static class JobUpdateValidation
{
    public static void Validate(JsonObject spec, JsonObject old, JsonObject? oldStatus, FieldErrors errors)
    {
        var path = FieldPath.Spec;
        ValidateCompletions(spec, old, path.Child("completions"), errors);
        errors.CheckImmutable(spec["selector"], old["selector"], "LabelSelector", path.Child("selector"));
        ValidateTemplate(spec, old, oldStatus, path.Child("template"), errors);
        errors.CheckImmutable(spec["completionMode"], old["completionMode"], path, "completionMode");
        errors.CheckImmutable(spec["podFailurePolicy"], old["podFailurePolicy"], "PodFailurePolicy", path.Child("podFailurePolicy"));
        errors.CheckImmutable(spec["backoffLimitPerIndex"], old["backoffLimitPerIndex"], path, "backoffLimitPerIndex");
        errors.CheckImmutable(spec["managedBy"], old["managedBy"], path, "managedBy");
        errors.CheckImmutable(spec["successPolicy"], old["successPolicy"], "SuccessPolicy", path.Child("successPolicy"));
    }

    /// <summary>An indexed job grows and shrinks as a whole (KEP-3715).</summary>
    private static void ValidateCompletions(JsonObject spec, JsonObject old, FieldPath path, FieldErrors errors)
    {
        if (TreeEquality.Same(spec["completions"], old["completions"]))
            return;
        if (spec.Text("completionMode") != "Indexed")
            errors.Invalid(path, GoJsonText.Show(spec["completions"]), FieldErrorWriting.Immutable);
        else if (spec.Integer("completions") is { } completions && completions != spec.Integer("parallelism"))
            errors.Invalid(path, completions, "can only be modified in tandem with spec.parallelism");
    }

    /// <summary>
    /// While a job is suspended and nothing of it runs, its pods' places (KEP-2926) and resources (KEP-5440) are open, and
    /// whatever their metadata says.
    /// </summary>
    private static void ValidateTemplate(JsonObject spec, JsonObject old, JsonObject? oldStatus, FieldPath path, FieldErrors errors)
    {
        var (template, before) = (spec.Object("template"), old.Object("template"));
        if (TreeEquality.Same(template, before))
            return;
        var isOpen = old.Flag("suspend") == true && (oldStatus?.Integer("active") ?? 0) == 0
            && (oldStatus?.ContainsKey("startTime") != true
                || oldStatus.Objects("conditions").Any(c => c.Text("type") == "Suspended" && c.Text("status") == "True"));
        if (!isOpen)
        {
            errors.Invalid(path, InternalForm.Show(template ?? [], "PodTemplateSpec", before), FieldErrorWriting.Immutable);
            return;
        }
        if (!TreeEquality.Same(Closed(template.Object("spec")), Closed(before.Object("spec"))))
        {
            errors.Invalid(path.Child("spec"), InternalForm.Show(template.Object("spec") ?? [], "PodSpec", before.Object("spec")),
                FieldErrorWriting.Immutable);
        }
    }

    private static JsonObject Closed(JsonObject? spec)
    {
        var rest = (JsonObject?)spec?.DeepClone() ?? [];
        foreach (var field in (string[])["nodeSelector", "tolerations", "schedulingGates"])
            rest.Remove(field);
        if (rest.Object("affinity") is { } affinity)
        {
            affinity.Remove("nodeAffinity");
            if (affinity.Count == 0)
                rest.Remove("affinity");
        }
        foreach (var container in rest.Objects("containers").Concat(rest.Objects("initContainers")))
            container.Remove("resources");
        return rest;
    }
}
