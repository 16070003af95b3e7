using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Kinds that run pods from a template.</summary>
internal class WorkloadRules : KindRules
{
    /// <summary>Annotations count as a change of what is wanted: the deployment controller reads some.</summary>
    public bool AnnotationsCount { get; init; }

    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    /// <summary>As messages name it; empty where the selector is checked by the kind's own rules.</summary>
    public string KindName { get; init; } = "";

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        if (KindName.Length == 0)
            return;
        var spec = obj.Object("spec") ?? [];
        var selector = spec.Object("selector");
        if (selector is null)
            errors.Add(FieldError.Required("spec.selector"));
        else if (selector.Count == 0)
            errors.Add(FieldError.Invalid("spec.selector", SelectorMatching.Show(selector), $"empty selector is invalid for {KindName}"));
        var template = spec.Object("template");
        var labels = template.Object("metadata").Object("labels");
        if (selector is not { Count: 0 } && !SelectorMatching.Matches(selector, labels))
        {
            errors.Add(FieldError.Invalid(
                "spec.template.metadata.labels", SelectorMatching.Show(selector is null ? labels : labels ?? []), "`selector` does not match template `labels`"));
        }
        PodSpecValidation.Validate(template.Object("spec") ?? [], "spec.template.spec", errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status" || KindName.Length == 0)
            return;
        Validate(context, obj, errors);
        var selector = obj.Object("spec")?["selector"];
        if (!TreeEquality.Same(selector, old.Object("spec")?["selector"]))
            errors.Add(FieldError.Invalid("spec.selector", SelectorMatching.Show(selector), "field is immutable"));
    }

    protected override bool IsNewGeneration(JsonObject obj, JsonObject old) =>
        base.IsNewGeneration(obj, old)
        || (AnnotationsCount && !TreeEquality.Same(obj.Object("metadata").Object("annotations"), old.Object("metadata").Object("annotations")));
}
