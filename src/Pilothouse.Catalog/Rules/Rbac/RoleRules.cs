using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Roles of a namespace and of the cluster: what their rules must say. Who may grant what is the escalation guard's to say.</summary>
internal sealed class RoleRules(bool namespaced) : RbacRules
{
    private static readonly FieldPath Rules = FieldPath.Of("rules");
    private static readonly FieldPath Selectors = FieldPath.Of("aggregationRule").Child("clusterRoleSelectors");

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => Validate(obj, false, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        var wrong = new FieldErrors();
        foreach (var (_, selector) in old.Object("aggregationRule").Items("clusterRoleSelectors"))
            LabelSelectorValidation.Validate(selector, Selectors, wrong);
        Validate(obj, wrong.Any, errors);
    }

    private void Validate(JsonObject obj, bool allowInvalidValues, FieldErrors errors)
    {
        foreach (var (i, rule) in obj.Items("rules"))
            ValidateRule(rule, Rules.Index(i), errors);
        if (namespaced || obj.Object("aggregationRule") is not { } aggregation)
            return;
        if (aggregation.CountOf("clusterRoleSelectors") == 0)
            errors.Required(Selectors, "at least one clusterRoleSelector required if aggregationRule is non-nil");
        foreach (var (i, selector) in aggregation.Items("clusterRoleSelectors"))
        {
            LabelSelectorValidation.Validate(selector, Selectors.Index(i), errors, allowInvalidValues);
            var wrong = new FieldErrors();
            LabelSelectorValidation.Validate(selector, Selectors, wrong);
            if (wrong.Any)
                errors.Invalid(Selectors.Index(i), null, "invalid label selector.");
        }
    }

    private void ValidateRule(JsonObject rule, FieldPath path, FieldErrors errors)
    {
        const string Urls = "nonResourceURLs";
        if (rule.CountOf("verbs") == 0)
            errors.Required(path.Child("verbs"), "verbs must contain at least one value");
        if (rule.CountOf(Urls) > 0)
        {
            if (namespaced)
                errors.Invalid(path.Child(Urls), GoJsonText.Show(rule[Urls]), "namespaced rules cannot apply to non-resource URLs");
            if (rule.CountOf("apiGroups") > 0 || rule.CountOf("resources") > 0 || rule.CountOf("resourceNames") > 0)
                errors.Invalid(path.Child(Urls), GoJsonText.Show(rule[Urls]), "rules cannot apply to both regular resources and non-resource URLs");
            return;
        }
        if (rule.CountOf("apiGroups") == 0)
            errors.Required(path.Child("apiGroups"), "resource rules must supply at least one api group");
        if (rule.CountOf("resources") == 0)
            errors.Required(path.Child("resources"), "resource rules must supply at least one resource");
    }
}
