using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a job runs, in jobs and in the templates of cron jobs (pkg/apis/batch/validation).</summary>
internal static class JobSpecValidation
{
    private const long MaxParallelismWithIndexes = 100_000;
    private const long MaxFailedIndexes = 100_000;
    private const long ManyCompletions = 100_000;
    private const long MaxParallelismOfMany = 10_000;
    private const long MaxFailedIndexesOfMany = 10_000;
    private const int MaxManagerLength = 63;

    public static void Validate(JsonObject spec, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)[
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes"])
        {
            errors.CheckNotNegative(spec, path, field);
        }
        var failed = spec.Integer("maxFailedIndexes");
        var perIndex = spec.Integer("backoffLimitPerIndex");
        if (failed is not null && perIndex is null)
            errors.Required(path.Child("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
        if (spec.Text("managedBy") is { } manager)
        {
            DomainFields.DomainPrefixedPath(path.Child("managedBy"), manager, errors);
            if (manager.Length > MaxManagerLength)
                errors.TooLong(path.Child("managedBy"), MaxManagerLength);
        }
        var mode = spec.Text("completionMode");
        if (mode is not (null or "NonIndexed" or "Indexed"))
            errors.NotSupported(path.Child("completionMode"), mode, "NonIndexed", "Indexed");
        if (mode == "Indexed")
            ValidateIndexed(spec, path, errors);
        if (mode is null or "NonIndexed")
        {
            if (perIndex is { } limit)
                errors.Invalid(path.Child("backoffLimitPerIndex"), limit, "requires indexed completion mode");
            if (failed is { } most)
                errors.Invalid(path.Child("maxFailedIndexes"), most, "requires indexed completion mode");
        }
        var failurePolicy = spec.Object("podFailurePolicy");
        if (failurePolicy is not null)
            JobPolicies.ValidateFailure(spec, failurePolicy, path.Child("podFailurePolicy"), errors);
        if (spec.Object("successPolicy") is { } successPolicy)
        {
            if (mode == "Indexed")
                JobPolicies.ValidateSuccess(spec, successPolicy, path.Child("successPolicy"), errors);
            else
                errors.Invalid(path.Child("successPolicy"), InternalForm.Show(successPolicy, "SuccessPolicy"), "requires indexed completion mode");
        }
        ValidateReplacement(spec, failurePolicy is not null, path.Child("podReplacementPolicy"), errors);
        ValidateTemplate(spec, failurePolicy is not null, path.Child("template"), options, errors);
    }

    public static void Warn(JsonObject spec, FieldPath path, ICollection<string> warnings)
    {
        if (spec.Text("completionMode") == "Indexed" && spec.Integer("completions") > ManyCompletions && spec.Integer("parallelism") > MaxParallelismOfMany)
        {
            warnings.Add($"{path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, "
                + "Kubernetes might not be able to track completedIndexes when a big number of indexes fail");
        }
    }

    private static void ValidateIndexed(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        var (completions, parallelism, failed) = (spec.Integer("completions"), spec.Integer("parallelism"), spec.Integer("maxFailedIndexes"));
        if (completions is null)
            errors.Required(path.Child("completions"), "when completion mode is Indexed");
        if (parallelism > MaxParallelismWithIndexes)
        {
            errors.Invalid(path.Child("parallelism"), parallelism,
                $"must be less than or equal to {MaxParallelismWithIndexes} when completion mode is Indexed");
        }
        if (failed > completions)
            errors.Invalid(path.Child("maxFailedIndexes"), failed, "must be less than or equal to completions");
        if (failed > MaxFailedIndexes)
            errors.Invalid(path.Child("maxFailedIndexes"), failed, $"must be less than or equal to {MaxFailedIndexes}");
        if (!(completions > ManyCompletions) || spec.Integer("backoffLimitPerIndex") is null)
            return;
        var many = $"when completions are above {ManyCompletions} and used with backoff limit per index";
        if (failed is null)
            errors.Required(path.Child("maxFailedIndexes"), $"must be specified when completions is above {ManyCompletions}");
        if (parallelism > MaxParallelismOfMany)
            errors.Invalid(path.Child("parallelism"), parallelism, $"must be less than or equal to {MaxParallelismOfMany} {many}");
        if (failed > MaxFailedIndexesOfMany)
            errors.Invalid(path.Child("maxFailedIndexes"), failed, $"must be less than or equal to {MaxFailedIndexesOfMany} {many}");
    }

    private static void ValidateReplacement(JsonObject spec, bool withFailurePolicy, FieldPath path, FieldErrors errors)
    {
        if (spec.Text("podReplacementPolicy") is not { } policy || policy == "Failed" || (policy == "TerminatingOrFailed" && !withFailurePolicy))
            return;
        if (withFailurePolicy)
            errors.NotSupported(path, policy, "Failed");
        else
            errors.NotSupported(path, policy, "Failed", "TerminatingOrFailed");
    }

    private static void ValidateTemplate(JsonObject spec, bool withFailurePolicy, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        var template = spec.Object("template") ?? [];
        PodTemplateValidation.Validate(template, path, options, errors);
        var at = path.Child("spec", "restartPolicy");
        switch (template.Object("spec")?.Text("restartPolicy") ?? "")
        {
            case "Always" or "":
                errors.Required(at, "valid values: \"OnFailure\", \"Never\"");
                break;
            case "Never":
                break;
            case "OnFailure":
                if (withFailurePolicy)
                    errors.Invalid(at, "OnFailure", "only \"Never\" is supported when podFailurePolicy is specified");
                break;
            case var policy:
                errors.NotSupported(at, policy, "OnFailure", "Never");
                break;
        }
    }
}
