using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Jobs on a schedule.</summary>
internal sealed class CronJobRules : WorkloadRules
{
    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        if (obj.Object("spec")?.Text("schedule") is { } schedule && schedule.Contains("TZ", StringComparison.Ordinal))
            errors.Add(FieldError.Invalid("spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        // What was let in before may stay.
        if (obj.Object("spec")?.Text("schedule") != old.Object("spec")?.Text("schedule"))
            Validate(context, obj, errors);
    }
}
