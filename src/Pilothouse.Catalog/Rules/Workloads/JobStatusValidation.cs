using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Changes of a job's status, which other controllers than the built-in one may write (KEP-4368): a finished job stays
/// finished. Each rule looks only at what changed, so that a wrong old status does not stand in the way of others.
/// </summary>
internal static class JobStatusValidation
{
    /// <summary>The facts that the rules speak of, of one status.</summary>
    private sealed class State(JsonObject job)
    {
        public JsonObject Status { get; } = job.Object("status") ?? [];

        public bool Is(string type, string status = "True") =>
            Status.Objects("conditions").Any(c => c.Text("type") == type && c.Text("status") == status);

        public bool Complete => Is("Complete");

        public bool Failed => Is("Failed");

        public bool Finished => Complete || Failed;

        public bool FailureTarget => Is("FailureTarget");

        public bool SuccessCriteriaMet => Is("SuccessCriteriaMet");

        public string? Start => Status.Text("startTime");

        public string? Completion => Status.Text("completionTime");

        public string? FailedIndexes => Status.Text("failedIndexes");

        public string CompletedIndexes => Status.Text("completedIndexes") ?? "";

        public long Count(string field) => Status.Integer(field) ?? 0;
    }

    public static void Validate(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        var (now, before) = (new State(obj), new State(old));
        var spec = obj.Object("spec") ?? [];
        ValidateCounts(now, errors);
        ValidateConditions(now, before, errors);
        ValidateFinished(now, before, spec, errors);
        ValidateIndexes(now, before, spec, errors);
        if (now.Finished && now.Count("terminating") > 0 && (now.Finished != before.Finished || now.Count("terminating") != before.Count("terminating")))
            errors.Invalid(FieldPath.Status.Child("terminating"), now.Count("terminating"), "terminating>0 is invalid for finished job");
        if (now.Status.Integer("ready") is { } ready && ready > now.Count("active")
            && (ready != before.Status.Integer("ready") || now.Count("active") != before.Count("active")))
        {
            errors.Invalid(FieldPath.Status.Child("ready"), ready, "cannot set more ready pods than active");
        }
        if (now.SuccessCriteriaMet && now.Failed)
            Refuse("cannot set SuccessCriteriaMet=True and Failed=true conditions", errors);
        if (now.SuccessCriteriaMet && now.FailureTarget)
            Refuse("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions", errors);
        if (spec.ContainsKey("successPolicy") && !now.SuccessCriteriaMet && now.Complete)
            Refuse("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True", errors);
        ValidateChange(now, before, spec, errors);
    }

    private static void Refuse(string what, FieldErrors errors) =>
        errors.Add(FieldError.InvalidWithoutValue(FieldPath.Status.Child("conditions").ToString(), what));

    private static void ValidateCounts(State now, FieldErrors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["active", "succeeded", "failed", "ready", "terminating"])
            errors.CheckNotNegative(now.Status, FieldPath.Status, field);
        if (now.Status.Object("uncountedTerminatedPods") is not { } uncounted)
            return;
        var seen = new HashSet<string>();
        foreach (var field in (ReadOnlySpan<string>)["succeeded", "failed"])
        {
            var uids = uncounted.List(field);
            for (var i = 0; i < (uids?.Count ?? 0); i++)
            {
                var uid = uids![i].AsText() ?? "";
                var path = FieldPath.Status.Child("uncountedTerminatedPods", field).Index(i);
                if (uid.Length == 0)
                    errors.Invalid(path, uid, "must not be empty");
                else if (!seen.Add(uid))
                    errors.Duplicate(path, uid);
            }
        }
    }

    private static void ValidateConditions(State now, State before, FieldErrors errors)
    {
        var path = FieldPath.Status;
        var completeChanged = now.Complete != before.Complete;
        var failedChanged = now.Failed != before.Failed;
        var targetChanged = now.FailureTarget != before.FailureTarget;
        var completionChanged = now.Completion != before.Completion;
        if ((completeChanged || failedChanged) && now.Complete && now.Failed)
            Refuse("cannot set Complete=True and Failed=true conditions", errors);
        if ((completeChanged || targetChanged) && now.Complete && now.FailureTarget)
            Refuse("cannot set Complete=True and FailureTarget=true conditions", errors);
        if (completeChanged || completionChanged)
        {
            if (now.Completion is not null && !now.Complete)
                errors.Invalid(path.Child("completionTime"), now.Completion, "cannot set completionTime when there is no Complete=True condition");
            if (now.Completion is null && now.Complete)
                errors.Required(path.Child("completionTime"), "completionTime is required for Complete jobs");
        }
        if ((completionChanged || now.Start != before.Start) && IsBefore(now.Completion, now.Start))
            errors.Invalid(path.Child("completionTime"), now.Completion, "must be equal to or after `startTime`");
        if ((failedChanged || now.FailedIndexes != before.FailedIndexes) && now.Failed && !now.FailureTarget)
            Refuse("cannot set Failed=True condition without the FailureTarget=true condition", errors);
        if ((completeChanged || now.SuccessCriteriaMet != before.SuccessCriteriaMet) && now.Complete && !now.SuccessCriteriaMet)
            Refuse("cannot set Complete=True condition without the SuccessCriteriaMet=true condition", errors);
    }

    private static bool IsBefore(string? time, string? other) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var first)
        && DateTimeOffset.TryParse(other, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var second)
        && first < second;

    private static void ValidateFinished(State now, State before, JsonObject spec, FieldErrors errors)
    {
        if (!now.Finished)
            return;
        var path = FieldPath.Status;
        var finishedChanged = now.Finished != before.Finished;
        if ((finishedChanged || now.Count("active") != before.Count("active")) && now.Count("active") > 0)
            errors.Invalid(path.Child("active"), now.Count("active"), "active>0 is invalid for finished job");
        // A suspended job that wants nothing is finished without having started.
        var wantsNothing = spec.Flag("suspend") == true && spec.Integer("completions") == 0;
        if ((finishedChanged || now.Start != before.Start) && now.Start is null && !wantsNothing)
            errors.Required(path.Child("startTime"), "startTime is required for finished job");
        var uncounted = now.Status.Object("uncountedTerminatedPods");
        var some = uncounted.List("failed") is { Count: > 0 } || uncounted.List("succeeded") is { Count: > 0 };
        if (some && (finishedChanged || !TreeEquality.Same(uncounted, before.Status["uncountedTerminatedPods"])))
        {
            errors.Invalid(path.Child("uncountedTerminatedPods"), InternalForm.Show(uncounted, "UncountedTerminatedPods"),
                "must be empty for finished job");
        }
    }

    private static void ValidateIndexes(State now, State before, JsonObject spec, FieldErrors errors)
    {
        var (completed, failed) = (FieldPath.Status.Child("completedIndexes"), FieldPath.Status.Child("failedIndexes"));
        var completedChanged = now.CompletedIndexes != before.CompletedIndexes;
        var failedChanged = now.FailedIndexes != before.FailedIndexes;
        var completions = spec.Integer("completions");
        var perIndex = spec.ContainsKey("backoffLimitPerIndex");
        if (completedChanged && completions is { } all && JobIndexes.Check(now.CompletedIndexes, all, out _) is { } fault)
            errors.Invalid(completed, now.CompletedIndexes, $"error parsing completedIndexes: {fault}");
        if (failedChanged && perIndex && now.FailedIndexes is not null && completions is { } most && JobIndexes.Check(now.FailedIndexes, most, out _) is { } wrong)
            errors.Invalid(failed, now.FailedIndexes, $"error parsing failedIndexes: {wrong}");
        if (completedChanged && now.CompletedIndexes.Length > 0 && spec.Text("completionMode") != "Indexed")
            errors.Invalid(completed, now.CompletedIndexes, "cannot set non-empty completedIndexes when non-indexed completion mode");
        if (failedChanged && now.FailedIndexes is not null && !perIndex)
            errors.Invalid(failed, now.FailedIndexes, "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        if ((failedChanged || completedChanged) && now.FailedIndexes is not null && completions is { } limit
            && JobIndexes.Overlap(now.CompletedIndexes, now.FailedIndexes, limit) is { } shared)
        {
            errors.Invalid(failed, now.FailedIndexes, $"failedIndexes and completedIndexes overlap at index: {shared}");
        }
    }

    private static void ValidateChange(State now, State before, JsonObject spec, FieldErrors errors)
    {
        var path = FieldPath.Status;
        foreach (var type in (ReadOnlySpan<string>)["Failed", "Complete", "FailureTarget"])
        {
            if (before.Is(type) && !now.Is(type))
                Refuse($"cannot disable the terminal {type}=True condition", errors);
        }
        if (now.Count("failed") < before.Count("failed"))
            errors.Invalid(path.Child("failed"), now.Count("failed"), "cannot decrease the failed counter");
        // A job that grows and shrinks as a whole loses pods that have succeeded.
        var isElastic = spec.Text("completionMode") == "Indexed" && spec.Integer("completions") == spec.Integer("parallelism");
        if (!isElastic && now.Count("succeeded") < before.Count("succeeded"))
            errors.Invalid(path.Child("succeeded"), now.Count("succeeded"), "cannot decrease the succeeded counter");
        if (now.Completion is not null && before.Completion is not null && now.Completion != before.Completion)
            errors.Invalid(path.Child("completionTime"), now.Completion, FieldErrorWriting.Immutable);
        // A job that was suspended and runs again starts anew.
        if (before.Start is not null && now.Start != before.Start && spec.Flag("suspend") != true
            && !(before.Is("Suspended") && now.Is("Suspended", "False")))
        {
            errors.Invalid(path.Child("startTime"), now.Start, "field is immutable for unsuspended job once set");
        }
        if (before.SuccessCriteriaMet && !now.SuccessCriteriaMet)
            Refuse("cannot disable the SuccessCriteriaMet=True condition", errors);
        if (before.Complete && !before.SuccessCriteriaMet && now.SuccessCriteriaMet)
            Refuse("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions", errors);
    }
}
