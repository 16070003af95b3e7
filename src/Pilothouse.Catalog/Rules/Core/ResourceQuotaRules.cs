using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Quotas of a namespace: what they count, and for which pods or claims.</summary>
internal sealed class ResourceQuotaRules : KindRules
{
    private static readonly FieldPath Scopes = FieldPath.Spec.Child("scopes");
    private static readonly FieldPath Expressions = FieldPath.Spec.Child("scopeSelector").Child("matchExpressions");

    private static readonly (string, string)[] Contradictions = [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")];

    public override bool HasStatus => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        ValidateAmounts(spec.Object("hard"), FieldPath.Spec.Child("hard"), errors);
        ValidateScopes(spec, errors);
        if (spec.Object("scopeSelector") is { } selector)
            ValidateSelector(spec, selector, errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
        {
            ValidateAmounts(obj.Object("status").Object("hard"), FieldPath.Status.Child("hard"), errors);
            ValidateAmounts(obj.Object("status").Object("used"), FieldPath.Status.Child("used"), errors);
            return;
        }
        Validate(context, obj, errors);
        if (!ScopesOf(obj.Object("spec")).SetEquals(ScopesOf(old.Object("spec"))))
            errors.Invalid(Scopes, GoJsonText.Show(obj.Object("spec")?["scopes"]), FieldErrorWriting.Immutable);
    }

    private static void ValidateAmounts(JsonObject? amounts, FieldPath path, FieldErrors errors)
    {
        foreach (var (name, value) in amounts ?? [])
        {
            var at = path.Key(name);
            QuantityValidation.ValidateName(name, at, errors);
            if (!name.Contains('/') && !ResourceNames.IsStandardForQuota(name))
                errors.Invalid(at, name, "must be a standard resource for quota");
            QuantityValidation.ValidateValue(name, QuantityValidation.Read(value), at, errors);
        }
    }

    private static void ValidateScopes(JsonObject spec, FieldErrors errors)
    {
        if (spec.CountOf("scopes") == 0)
            return;
        var shown = GoJsonText.Show(spec["scopes"]);
        foreach (var (_, scope) in spec.Words("scopes"))
        {
            if (!IsScope(scope))
                errors.Invalid(Scopes, shown, "unsupported scope");
            RefuseResources(spec, scope, Scopes, shown, errors);
        }
        RefuseContradictions(ScopesOf(spec), Scopes, shown, errors);
    }

    private static void ValidateSelector(JsonObject spec, JsonObject selector, FieldErrors errors)
    {
        var scopes = new HashSet<string>();
        foreach (var (_, expression) in selector.Items("matchExpressions"))
        {
            var (scope, operation) = (expression.Word("scopeName"), expression.Word("operator"));
            if (!IsScope(scope))
                errors.Invalid(Expressions.Child("scopeName"), scope, "unsupported scope");
            RefuseResources(spec, scope, Expressions, InternalForm.Show(selector, "ScopeSelector"), errors);
            if (scope is "BestEffort" or "NotBestEffort" or "Terminating" or "NotTerminating" or "CrossNamespacePodAffinity" && operation != "Exists")
            {
                errors.Invalid(Expressions.Child("operator"), operation,
                    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
                    + "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
            }
            switch (operation)
            {
                case "In" or "NotIn":
                    if (expression.CountOf("values") == 0)
                        errors.Required(Expressions.Child("values"), "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                    break;
                case "Exists" or "DoesNotExist":
                    if (expression.CountOf("values") > 0)
                    {
                        errors.Invalid(Expressions.Child("values"), GoJsonText.Show(expression["values"]),
                            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                    }
                    break;
                default:
                    errors.Invalid(Expressions.Child("operator"), operation, "not a valid selector operator");
                    break;
            }
            scopes.Add(scope);
        }
        RefuseContradictions(scopes, Expressions, GoJsonText.Show(spec["scopes"]), errors);
    }

    private static void RefuseResources(JsonObject spec, string scope, FieldPath path, FormattableString shown, FieldErrors errors)
    {
        foreach (var (resource, _) in spec.Object("hard") ?? [])
        {
            if (ResourceNames.IsStandardForQuota(resource) && !Counts(scope, resource))
                errors.Invalid(path, shown, "unsupported scope applied to resource");
        }
    }

    private static void RefuseContradictions(HashSet<string> scopes, FieldPath path, FormattableString shown, FieldErrors errors)
    {
        foreach (var (one, other) in Contradictions)
        {
            if (scopes.Contains(one) && scopes.Contains(other))
                errors.Invalid(path, shown, "conflicting scopes");
        }
    }

    private static HashSet<string> ScopesOf(JsonObject? spec)
    {
        var scopes = new HashSet<string>();
        foreach (var (_, scope) in spec.Words("scopes"))
            scopes.Add(scope);
        return scopes;
    }

    private static bool IsScope(string scope) => scope is "Terminating" or "NotTerminating" or "BestEffort" or "NotBestEffort"
        or "PriorityClass" or "VolumeAttributesClass" or "CrossNamespacePodAffinity";

    /// <summary>Whether a quota of the scope can count the resource.</summary>
    private static bool Counts(string scope, string resource) => scope switch
    {
        "Terminating" or "NotTerminating" or "NotBestEffort" or "PriorityClass" or "CrossNamespacePodAffinity" => resource is
            "pods" or "cpu" or "memory" or "limits.cpu" or "limits.memory" or "requests.cpu" or "requests.memory",
        "BestEffort" => resource == "pods",
        "VolumeAttributesClass" => resource is "persistentvolumeclaims" or "requests.storage",
        _ => true,
    };
}
