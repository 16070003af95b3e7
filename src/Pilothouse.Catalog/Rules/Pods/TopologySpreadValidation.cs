using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>How evenly pods are spread over zones, nodes and the like.</summary>
internal static class TopologySpreadValidation
{
    private static readonly string[] Actions = ["DoNotSchedule", "ScheduleAnyway"];
    private static readonly string[] Policies = ["Honor", "Ignore"];

    public static void Validate(JsonArray constraints, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        // How often each is still to come: it is the earlier of two that upstream calls a duplicate.
        var left = constraints.CountBy(c => Kind(c as JsonObject ?? [])).ToDictionary();
        for (var i = 0; i < constraints.Count; i++)
        {
            var constraint = constraints[i] as JsonObject ?? [];
            var at = path.Index(i);
            var (key, action) = Kind(constraint);
            if ((constraint.Integer("maxSkew") ?? 0) is <= 0 and var skew)
                errors.Invalid(at.Child("maxSkew"), skew, "must be greater than zero");
            if (key.Length == 0)
                errors.Required(at.Child("topologyKey"), "can not be empty");
            if (!Actions.Contains(action))
                errors.NotSupported(at.Child("whenUnsatisfiable"), action, Actions);
            if (--left[(key, action)] > 0)
                errors.Duplicate(at.Child("{topologyKey, whenUnsatisfiable}"), $"{{{key}, {action}}}");
            if (constraint.Integer("minDomains") is { } domains)
            {
                if (domains <= 0)
                    errors.Invalid(at.Child("minDomains"), domains, "must be greater than zero");
                if (action != "DoNotSchedule")
                    errors.Invalid(at.Child("minDomains"), domains, $"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
            }
            foreach (var field in (ReadOnlySpan<string>)["nodeAffinityPolicy", "nodeTaintsPolicy"])
            {
                if (constraint.Text(field) is { } policy && !Policies.Contains(policy))
                    errors.NotSupported(at.Child(field), policy, Policies);
            }
            var selector = constraint.Object("labelSelector");
            if (options.AllowInvalidSpreadLabelKeys)
                ValidateKeysAsBefore(constraint.List("matchLabelKeys"), selector, at.Child("matchLabelKeys"), errors);
            else
                AffinityValidation.ValidateLabelKeys(constraint.List("matchLabelKeys"), null, selector, at, errors);
            if (!options.AllowInvalidSpreadSelectors)
                LabelSelectorValidation.Validate(selector, at.Child("labelSelector"), errors);
        }
    }

    private static (string Key, string Action) Kind(JsonObject constraint) =>
        (constraint.Text("topologyKey") ?? "", constraint.Text("whenUnsatisfiable") ?? "");

    /// <summary>The rule before keys were merged into selectors, for objects that only keep this one.</summary>
    private static void ValidateKeysAsBefore(JsonArray? keys, JsonObject? selector, FieldPath path, FieldErrors errors)
    {
        if (keys is not { Count: > 0 })
            return;
        if (selector is null)
            errors.Forbidden(path, "must not be specified when labelSelector is not set");
        for (var i = 0; i < keys.Count; i++)
        {
            var key = keys[i].AsText() ?? "";
            LabelSelectorValidation.ValidateLabelName(key, path.Index(i), errors);
            if (selector.Object("matchLabels")?.ContainsKey(key) == true || selector.Objects("matchExpressions").Any(e => e.Text("key") == key))
                errors.Invalid(path.Index(i), key, "exists in both matchLabelKeys and labelSelector");
        }
    }
}
