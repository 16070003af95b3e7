using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>When a job fails (KEP-3329), and when enough of it has succeeded (KEP-3998).</summary>
internal static class JobPolicies
{
    private const int MaxRules = 20;
    private const int MaxValues = 255;
    private const int MaxPatterns = 20;
    private const int MaxIndexesLength = 64 * 1024;

    private static readonly string[] Actions = ["Count", "FailIndex", "FailJob", "Ignore"];
    private static readonly string[] Operators = ["In", "NotIn"];
    private static readonly string[] States = ["False", "True", "Unknown"];

    public static void ValidateFailure(JsonObject spec, JsonObject policy, FieldPath path, FieldErrors errors)
    {
        var rules = policy.List("rules");
        if (rules?.Count > MaxRules)
            errors.Add(FieldError.TooMany(path.Child("rules").ToString(), rules.Count, MaxRules));
        var pod = spec.Object("template").Object("spec");
        var containers = pod.Objects("containers").Concat(pod.Objects("initContainers")).Select(c => c.Text("name") ?? "").ToHashSet();
        for (var i = 0; i < (rules?.Count ?? 0); i++)
            ValidateRule(spec, rules![i] as JsonObject ?? [], containers, path.Child("rules").Index(i), errors);
    }

    public static void ValidateSuccess(JsonObject spec, JsonObject policy, FieldPath path, FieldErrors errors)
    {
        var rules = policy.List("rules");
        if (rules is not { Count: > 0 })
            errors.Required(path.Child("rules"), "at least one rules must be specified when the successPolicy is specified");
        if (rules?.Count > MaxRules)
            errors.Add(FieldError.TooMany(path.Child("rules").ToString(), rules.Count, MaxRules));
        for (var i = 0; i < (rules?.Count ?? 0); i++)
            ValidateSuccessRule(spec.Integer("completions") ?? 0, rules![i] as JsonObject ?? [], path.Child("rules").Index(i), errors);
    }

    private static void ValidateRule(JsonObject spec, JsonObject rule, HashSet<string> containers, FieldPath path, FieldErrors errors)
    {
        var action = rule.Text("action") ?? "";
        if (action.Length == 0)
            errors.Required(path.Child("action"), $"valid values: {GoList(Actions)}");
        else if (action == "FailIndex" && spec.Integer("backoffLimitPerIndex") is null)
            errors.Invalid(path.Child("action"), action, "requires the backoffLimitPerIndex to be set");
        else if (!Actions.Contains(action))
            errors.NotSupported(path.Child("action"), action, Actions);
        var codes = rule.Object("onExitCodes");
        var conditions = rule.List("onPodConditions") is { Count: > 0 } list ? list : null;
        if (codes is not null)
            ValidateExitCodes(codes, containers, path.Child("onExitCodes"), errors);
        if (conditions is not null)
            ValidateConditions(conditions, path.Child("onPodConditions"), errors);
        if (codes is not null && conditions is not null)
            errors.Add(FieldError.InvalidWithoutValue(path.ToString(), "specifying both OnExitCodes and OnPodConditions is not supported"));
        if (codes is null && conditions is null)
            errors.Add(FieldError.InvalidWithoutValue(path.ToString(), "specifying one of OnExitCodes and OnPodConditions is required"));
    }

    private static void ValidateConditions(JsonArray conditions, FieldPath path, FieldErrors errors)
    {
        if (conditions.Count > MaxPatterns)
            errors.Add(FieldError.TooMany(path.ToString(), conditions.Count, MaxPatterns));
        for (var i = 0; i < conditions.Count; i++)
        {
            var pattern = conditions[i] as JsonObject ?? [];
            var at = path.Index(i);
            var type = pattern.Text("type") ?? "";
            errors.InvalidEach(at, "type", type, NameFormats.QualifiedName(type));
            var status = pattern.Text("status") ?? "";
            if (status.Length == 0)
                errors.Required(at.Child("status"), $"valid values: {GoList(States)}");
            else if (!States.Contains(status))
                errors.NotSupported(at.Child("status"), status, States);
        }
    }

    private static void ValidateExitCodes(JsonObject codes, HashSet<string> containers, FieldPath path, FieldErrors errors)
    {
        var operation = codes.Text("operator") ?? "";
        if (operation.Length == 0)
            errors.Required(path.Child("operator"), $"valid values: {GoList(Operators)}");
        else if (!Operators.Contains(operation))
            errors.NotSupported(path.Child("operator"), operation, Operators);
        if (codes.Text("containerName") is { } container && !containers.Contains(container))
            errors.Invalid(path.Child("containerName"), container, "must be one of the container or initContainer names in the pod template");
        var values = codes.List("values");
        var at = path.Child("values");
        if (values is not { Count: > 0 })
            errors.Invalid(at, GoJsonText.Show(values), "at least one value is required");
        else if (values.Count > MaxValues)
            errors.Add(FieldError.TooMany(at.ToString(), values.Count, MaxValues));
        var seen = new HashSet<long>();
        var ordered = true;
        for (var i = 0; i < (values?.Count ?? 0); i++)
        {
            var value = values![i].AsInteger() ?? 0;
            if (operation == "In" && value == 0)
                errors.Invalid(at.Index(i), value, "must not be 0 for the In operator");
            if (!seen.Add(value))
                errors.Duplicate(at.Index(i), value);
            ordered &= i == 0 || (values[i - 1].AsInteger() ?? 0) <= value;
        }
        if (!ordered)
            errors.Invalid(at, GoJsonText.Show(values), "must be ordered");
    }

    private static void ValidateSuccessRule(long completions, JsonObject rule, FieldPath path, FieldErrors errors)
    {
        var (indexes, count) = (rule.Text("succeededIndexes"), rule.Integer("succeededCount"));
        if (indexes is null && count is null)
            errors.Required(path, "at least one of succeededCount or succeededIndexes must be specified");
        var total = 0L;
        if (indexes is not null)
        {
            var at = path.Child("succeededIndexes");
            if (indexes.Length > MaxIndexesLength)
                errors.TooLong(at, MaxIndexesLength);
            if (JobIndexes.Check(indexes, completions, out total) is { } fault)
                errors.Invalid(at, indexes, $"error parsing succeededIndexes: {fault}");
        }
        if (count is not { } wanted)
            return;
        errors.CheckNotNegative(rule, path, "succeededCount");
        if (wanted > completions)
            errors.Invalid(path.Child("succeededCount"), wanted, $"must be less than or equal to {completions} (the number of specified completions)");
        if (indexes is not null && wanted > total)
        {
            errors.Invalid(path.Child("succeededCount"), wanted,
                $"must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)");
        }
    }

    private static string GoList(string[] values) => $"[{string.Join(' ', values.Select(GoText.Quote))}]";
}
