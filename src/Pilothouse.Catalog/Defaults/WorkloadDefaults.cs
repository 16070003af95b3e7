using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The apps and batch groups.</summary>
internal static class WorkloadDefaults
{
    public static Dictionary<string, DefaultRule> Rules { get; } = new()
    {
        ["io.k8s.api.apps.v1.Deployment"] = FillDeployment,
        ["io.k8s.api.apps.v1.DaemonSet"] = FillDaemonSet,
        ["io.k8s.api.apps.v1.StatefulSet"] = FillStatefulSet,
        ["io.k8s.api.apps.v1.ReplicaSet"] = DefaultRules.SpecValues(("replicas", 1)),
        ["io.k8s.api.batch.v1.Job"] = FillJob,
        ["io.k8s.api.batch.v1.CronJob"] = DefaultRules.SpecValues(
            ("concurrencyPolicy", "Allow"), ("suspend", false), ("successfulJobsHistoryLimit", 3), ("failedJobsHistoryLimit", 1)),
        ["io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern"] = DefaultRules.Values(("status", "True")),
    };

    private static void FillDeployment(JsonObject deployment, DateTimeOffset now)
    {
        var spec = deployment.ObjectOrNew("spec");
        spec.Default("replicas", 1);
        var strategy = spec.ObjectOrNew("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.ObjectOrNew("rollingUpdate");
            rolling.Default("maxUnavailable", "25%");
            rolling.Default("maxSurge", "25%");
        }
        spec.Default("revisionHistoryLimit", 10);
        spec.Default("progressDeadlineSeconds", 600);
    }

    private static void FillDaemonSet(JsonObject set, DateTimeOffset now)
    {
        var spec = set.ObjectOrNew("spec");
        var strategy = spec.ObjectOrNew("updateStrategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.ObjectOrNew("rollingUpdate");
            rolling.Default("maxUnavailable", 1);
            rolling.Default("maxSurge", 0);
        }
        spec.Default("revisionHistoryLimit", 10);
    }

    private static void FillStatefulSet(JsonObject set, DateTimeOffset now)
    {
        var spec = set.ObjectOrNew("spec");
        spec.Default("podManagementPolicy", "OrderedReady");
        var strategy = spec.ObjectOrNew("updateStrategy");
        if (!strategy.ContainsKey("type"))
        {
            strategy["type"] = "RollingUpdate";
            strategy.ObjectOrNew("rollingUpdate");
        }
        if (strategy.Text("type") == "RollingUpdate" && strategy.Object("rollingUpdate") is { } rolling)
            rolling.Default("partition", 0);
        var retention = spec.ObjectOrNew("persistentVolumeClaimRetentionPolicy");
        retention.Default("whenDeleted", "Retain");
        retention.Default("whenScaled", "Retain");
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", 10);
        // The templates are whole objects, and say so.
        foreach (var claim in spec.Objects("volumeClaimTemplates"))
        {
            claim.Default("kind", "PersistentVolumeClaim");
            claim.Default("apiVersion", "v1");
        }
    }

    private static void FillJob(JsonObject job, DateTimeOffset now)
    {
        var spec = job.ObjectOrNew("spec");
        if (!spec.ContainsKey("completions") && !spec.ContainsKey("parallelism"))
            spec["completions"] = 1L;
        spec.Default("parallelism", 1);
        spec.Default("backoffLimit", spec.ContainsKey("backoffLimitPerIndex") ? int.MaxValue : 6);
        DefaultRules.CopyIfEmpty(job.ObjectOrNew("metadata"), "labels", DefaultRules.TemplateLabels(job));
        spec.Default("completionMode", "NonIndexed");
        spec.Default("suspend", false);
        spec.Default("podReplacementPolicy", spec.ContainsKey("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        spec.Default("manualSelector", false);
    }
}
