using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Rules.Workloads;

public sealed class JobRulesTests
{
    private const string Template = """ "template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i:1"}]}} """;

    private static readonly ServedResource Jobs = ObjectText.Served("batch", "v1", "jobs");
    private static readonly ServedResource CronJobs = ObjectText.Served("batch", "v1", "cronjobs");

    private static string Job(string fields) =>
        """{"metadata":{"name":"j"},"spec":{""" + fields + (fields.Length > 0 ? "," : "") + Template + "}}";

    [Theory]
    [InlineData(""" "completionMode":"Indexed","parallelism":2 """, "spec.completions: Required value: when completion mode is Indexed")]
    [InlineData(""" "completionMode":"Odd" """, "spec.completionMode: Unsupported value: \"Odd\": supported values: \"NonIndexed\", \"Indexed\"")]
    [InlineData(""" "backoffLimitPerIndex":1 """, "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode")]
    [InlineData(""" "maxFailedIndexes":1,"completionMode":"Indexed","completions":2 """, "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified")]
    [InlineData(""" "managedBy":"x" """, "spec.managedBy: Invalid value: \"x\": must be a domain-prefixed path (such as \"acme.io/foo\")")]
    [InlineData(""" "podReplacementPolicy":"X" """, "spec.podReplacementPolicy: Unsupported value: \"X\": supported values: \"Failed\", \"TerminatingOrFailed\"")]
    [InlineData(""" "podFailurePolicy":{"rules":[{"action":"Ignore","onExitCodes":{"operator":"In","values":[0]}}]} """, "spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator")]
    [InlineData(""" "podFailurePolicy":{"rules":[{"action":"Ignore","onExitCodes":{"operator":"In","values":[2,1,1]}}]} """, "spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 1|spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,1,1]: must be ordered")]
    [InlineData(""" "podFailurePolicy":{"rules":[{"action":"FailIndex","onExitCodes":{"operator":"In","values":[1]}}]} """, "spec.podFailurePolicy.rules[0].action: Invalid value: \"FailIndex\": requires the backoffLimitPerIndex to be set")]
    [InlineData(""" "completionMode":"Indexed","completions":3,"successPolicy":{"rules":[{"succeededIndexes":"0-5"}]} """, "spec.successPolicy.rules[0].succeededIndexes: Invalid value: \"0-5\": error parsing succeededIndexes: too large index: \"5\"")]
    [InlineData(""" "manualSelector":true """, "spec.selector: Required value|spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`")]
    public void Jobs_are_checked_field_by_field(string fields, string expected) =>
        Assert.Equal(expected, string.Join('|', RuleTesting.Create(Jobs, Job(fields)).Errors));

    [Fact]
    public void A_job_starts_without_restarting_always()
    {
        var errors = RuleTesting.Create(Jobs, """{"metadata":{"name":"j"},"spec":{"template":{"spec":{"containers":[{"name":"c","image":"i"}]}}}}""").Errors;
        Assert.Equal(["spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""], errors);
    }

    [Fact]
    public void What_is_wrong_with_an_update_is_said_twice()
    {
        var job = RuleTesting.Prepared(Jobs, Job(""));
        var errors = RuleTesting.Update(Jobs, job, "", j => j.Object("spec")!["backoffLimit"] = -1);
        Assert.Equal(Enumerable.Repeat("spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0", 2), errors);
    }

    [Fact]
    public void A_suspended_job_may_be_placed_elsewhere()
    {
        var suspended = RuleTesting.Prepared(Jobs, Job(""" "suspend":true """));
        Assert.Empty(RuleTesting.Update(Jobs, suspended, "", j => Pod(j)["nodeSelector"] = new JsonObject { ["a"] = "b" }));
        // One that ran before is open once nothing of it runs and its status says so.
        suspended["status"] = JsonNode.Parse("""{"startTime":"2026-01-01T00:00:00Z"}""");
        Assert.Single(RuleTesting.Update(Jobs, suspended, "", j => Pod(j)["nodeSelector"] = new JsonObject { ["a"] = "b" }));
        suspended.Object("status")!["conditions"] = JsonNode.Parse("""[{"type":"Suspended","status":"True"}]""");
        Assert.Empty(RuleTesting.Update(Jobs, suspended, "", j => Pod(j)["nodeSelector"] = new JsonObject { ["a"] = "b" }));
        Assert.StartsWith("spec.template.spec: Invalid value:",
            Assert.Single(RuleTesting.Update(Jobs, suspended, "", j => Pod(j)["hostname"] = "h")), StringComparison.Ordinal);
        var running = RuleTesting.Prepared(Jobs, Job(""));
        Assert.EndsWith(": field is immutable",
            Assert.Single(RuleTesting.Update(Jobs, running, "", j => Pod(j)["nodeSelector"] = new JsonObject { ["a"] = "b" })), StringComparison.Ordinal);

        static JsonObject Pod(JsonObject job) => job.Object("spec").Object("template").Object("spec")!;
    }

    [Fact]
    public void A_finished_job_stays_finished()
    {
        var job = RuleTesting.Prepared(Jobs, Job(""));
        job["status"] = JsonNode.Parse("""
            {"startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-01T00:00:01Z",
             "conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}
            """);
        Assert.Empty(RuleTesting.Update(Jobs, job, "status", _ => { }));
        var errors = RuleTesting.Update(Jobs, job, "status", j => j.Object("status")!["conditions"] = new JsonArray());
        Assert.Contains("status.conditions: Invalid value: cannot disable the terminal Complete=True condition", errors);
        Assert.Contains("status.completionTime: Invalid value: \"2026-01-01T00:00:01Z\": cannot set completionTime when there is no Complete=True condition", errors);
    }

    [Fact]
    public void A_job_starts_anew_only_when_it_was_suspended()
    {
        var job = RuleTesting.Prepared(Jobs, Job(""));
        job["status"] = JsonNode.Parse("""{"startTime":"2026-01-01T00:00:00Z"}""");
        Assert.Equal(["status.startTime: Invalid value: \"2026-01-02T00:00:00Z\": field is immutable for unsuspended job once set"],
            RuleTesting.Update(Jobs, job, "status", j => j.Object("status")!["startTime"] = "2026-01-02T00:00:00Z"));
        job.Object("status")!["conditions"] = JsonNode.Parse("""[{"type":"Suspended","status":"True"}]""");
        Assert.Empty(RuleTesting.Update(Jobs, job, "status", j => j["status"] = JsonNode.Parse("""
            {"startTime":"2026-01-02T00:00:00Z","conditions":[{"type":"Suspended","status":"False"}]}
            """)));
    }

    [Theory]
    [InlineData("* * * * *", "")]
    [InlineData("*/5 1-3,7 ? JAN,feb mon-fri", "")]
    [InlineData("@hourly", "")]
    [InlineData("@every 1h30m", "")]
    [InlineData("@often", "unrecognized descriptor: @often")]
    [InlineData("@every x", "failed to parse duration @every x: time: invalid duration \"x\"")]
    [InlineData("* * * *", "expected exactly 5 fields, found 4: [* * * *]")]
    [InlineData("60 * * * *", "end of range (60) above maximum (59): 60")]
    [InlineData("* * 0 * *", "beginning of range (0) below minimum (1): 0")]
    [InlineData("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1")]
    [InlineData("*/0 * * * *", "step of range should be a positive number: */0")]
    [InlineData("1-2-3 * * * *", "too many hyphens: 1-2-3")]
    [InlineData("1/2/3 * * * *", "too many slashes: 1/2/3")]
    [InlineData("a * * * *", "failed to parse int from a: strconv.Atoi: parsing \"a\": invalid syntax")]
    [InlineData("99999999999999999999 * * * *", "failed to parse int from 99999999999999999999: strconv.Atoi: parsing \"99999999999999999999\": value out of range")]
    public void Schedules_are_read_as_cron_reads_them(string schedule, string expected)
    {
        var (errors, _) = RuleTesting.Create(CronJobs, CronJob("c", $"\"schedule\":\"{schedule}\""));
        Assert.Equal(expected.Length == 0 ? "" : $"spec.schedule: Invalid value: {GoText.Quote(schedule)}: {expected}", string.Join('|', errors));
    }

    [Theory]
    [InlineData(""" "timeZone":"Nowhere/At All" """, "spec.timeZone: Invalid value: \"Nowhere/At All\": unknown time zone Nowhere/At All")]
    [InlineData(""" "timeZone":"Europe/Berlin" """, "")]
    [InlineData(""" "concurrencyPolicy":"Odd" """, "spec.concurrencyPolicy: Unsupported value: \"Odd\": supported values: \"Allow\", \"Forbid\", \"Replace\"")]
    [InlineData(""" "startingDeadlineSeconds":-1 """, "spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0")]
    public void Cron_jobs_are_checked_field_by_field(string fields, string expected) =>
        Assert.Equal(expected, string.Join('|', RuleTesting.Create(CronJobs, CronJob("c", "\"schedule\":\"* * * * *\"," + fields)).Errors));

    [Fact]
    public void Jobs_of_cron_jobs_need_room_for_their_suffix() =>
        Assert.Equal(["metadata.name: Invalid value: \"" + new string('a', 53) + "\": must be no more than 52 characters"],
            RuleTesting.Create(CronJobs, CronJob(new string('a', 53), "\"schedule\":\"* * * * *\"")).Errors);

    private static string CronJob(string name, string fields) =>
        """{"metadata":{"name":"NAME"},"spec":{""".Replace("NAME", name, StringComparison.Ordinal) + fields
        + ""","jobTemplate":{"spec":{""" + Template + "}}}}";
}
