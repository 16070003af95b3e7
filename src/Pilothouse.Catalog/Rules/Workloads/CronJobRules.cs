using System.Buffers;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Jobs on a schedule.</summary>
internal sealed class CronJobRules : WorkloadRules
{
    // A job's name has eleven characters more, and is at most 63 long.
    private const int MaxNameLength = 52;
    private const int MaxZonePart = 14;

    private static readonly SearchValues<char> ZoneCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_0123456789+");

    protected override FieldPath TemplatePath { get; } = FieldPath.Spec.Child("jobTemplate", "spec").Child("template");

    protected override string? NameAdvice => "Pod names and hostnames";

    protected override JsonObject? TemplateOf(JsonObject obj) => obj.Object("spec").Object("jobTemplate").Object("spec").Object("template");

    protected override void ValidateSpec(WriteContext context, JsonObject obj, JsonObject? old, PodValidationOptions options, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var before = old.Object("spec");
        var path = FieldPath.Spec;
        if (spec.Text("schedule") is not { Length: > 0 } schedule)
            errors.Required(path.Child("schedule"));
        else
            ValidateSchedule(schedule, before, spec.ContainsKey("timeZone"), path.Child("schedule"), errors);
        errors.CheckNotNegative(spec, path, "startingDeadlineSeconds");
        if (spec.Text("timeZone") is { } zone && (before is null || before.Text("timeZone") != zone))
            ValidateTimeZone(zone, path.Child("timeZone"), errors);
        var policy = spec.Text("concurrencyPolicy") ?? "";
        if (policy.Length == 0)
            errors.Required(path.Child("concurrencyPolicy"));
        else if (policy is not ("Allow" or "Forbid" or "Replace"))
            errors.NotSupported(path.Child("concurrencyPolicy"), policy, "Allow", "Forbid", "Replace");
        ValidateTemplate(spec.Object("jobTemplate").Object("spec") ?? [], path.Child("jobTemplate", "spec"), options, errors);
        errors.CheckNotNegative(spec, path, "successfulJobsHistoryLimit");
        errors.CheckNotNegative(spec, path, "failedJobsHistoryLimit");
        var name = obj.Object("metadata")?.Text("name") ?? "";
        if (old is null && name.Length > MaxNameLength)
            errors.Invalid(FieldPath.Metadata.Child("name"), name, $"must be no more than {MaxNameLength} characters");
    }

    protected override void WarnOfSpec(JsonObject obj, JsonObject? old, ICollection<string> warnings)
    {
        var spec = obj.Object("spec") ?? [];
        if (old is null || ObjectMetadata.Of(obj).Generation != new ObjectMetadata(old.Object("metadata") ?? []).Generation)
            JobSpecValidation.Warn(spec.Object("jobTemplate").Object("spec") ?? [], FieldPath.Spec.Child("jobTemplate", "spec"), warnings);
        if (old is not null && spec.Text("schedule")?.Contains("TZ", StringComparison.Ordinal) == true)
        {
            warnings.Add("cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see "
                + "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
        }
    }

    private static void ValidateTemplate(JsonObject job, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        JobSpecValidation.Validate(job, path, options, errors);
        if (job.Object("selector") is { } selector)
            errors.Invalid(path.Child("selector"), InternalForm.Show(selector, "LabelSelector"), "`selector` will be auto-generated");
        if (job.Flag("manualSelector") == true)
            errors.NotSupported(path.Child("manualSelector"), true, "nil", "false");
    }

    private static void ValidateSchedule(string schedule, JsonObject? old, bool hasTimeZone, FieldPath path, FieldErrors errors)
    {
        if (CronSchedule.Check(schedule) is { } fault)
            errors.Invalid(path, schedule, fault);
        if (!schedule.Contains("TZ", StringComparison.Ordinal))
            return;
        // What was let in before may stay.
        if (old?.Text("schedule")?.Contains("TZ", StringComparison.Ordinal) != true)
            errors.Invalid(path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        else if (hasTimeZone)
            errors.Invalid(path, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
    }

    private static void ValidateTimeZone(string zone, FieldPath path, FieldErrors errors)
    {
        if (zone.Length == 0)
        {
            errors.Invalid(path, zone, "timeZone must be nil or non-empty string");
            return;
        }
        foreach (var part in zone.Split('/'))
        {
            if (part is "." or ".." || part.StartsWith('-') || part.Length is 0 or > MaxZonePart || part.AsSpan().ContainsAnyExcept(ZoneCharacters))
            {
                errors.Invalid(path, zone, $"unknown time zone {zone}");
                return;
            }
        }
        if (zone.Equals("Local", StringComparison.OrdinalIgnoreCase))
            errors.Invalid(path, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        // The name is Go's own for the machine's zone.
        if (zone != "Local" && !TimeZones.Exists(zone))
            errors.Invalid(path, zone, $"unknown time zone {zone}");
    }
}
