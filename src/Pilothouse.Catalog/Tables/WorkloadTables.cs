using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>What keeps pods running: apps, batch, autoscaling, policy.</summary>
internal static class WorkloadTables
{
    private static readonly TableColumn s_containers = TableColumn.Wide("Containers", "Names of the pod template's containers.");
    private static readonly TableColumn s_images = TableColumn.Wide("Images", "Images of the pod template's containers.");
    private static readonly TableColumn s_selector = TableColumn.Wide("Selector", "Which pods belong to it, by their labels.");

    public static TablePrinter Deployments { get; } = new(
    [
        TableColumn.ObjectName,
        new("Ready", "Pods that are ready, of those wanted."),
        new("Up-to-date", "Pods made of the present template."),
        new("Available", "Pods that have been ready long enough."),
        TableColumn.Age, s_containers, s_images, s_selector,
    ], (obj, row) =>
    {
        var (spec, status) = (obj.Get("spec"), obj.Get("status"));
        row.Name(obj);
        row.Text($"{status.Number("readyReplicas")}/{spec.Number("replicas")}");
        row.Number(status.Number("updatedReplicas"));
        row.Number(status.Number("availableReplicas"));
        row.Age(obj);
        TableText.Containers(spec.Get("template", "spec"), row);
        row.Text(TableText.Selector(spec.Get("selector")));
    });

    public static TablePrinter ReplicaSets { get; } = Replicas(spec => TableText.SelectorOrNone(spec.Get("selector")));

    public static TablePrinter ReplicationControllers { get; } = Replicas(spec => TableText.Labels(spec, "selector"));

    public static TablePrinter StatefulSets { get; } = new(
    [
        TableColumn.ObjectName,
        new("Ready", "Pods that are ready, of those wanted."),
        TableColumn.Age, s_containers, s_images,
    ], (obj, row) =>
    {
        row.Name(obj);
        row.Text($"{obj.Get("status").Number("readyReplicas")}/{obj.Get("spec").Number("replicas")}");
        row.Age(obj);
        TableText.Containers(obj.Get("spec", "template").Get("spec"), row);
    });

    public static TablePrinter DaemonSets { get; } = new(
    [
        TableColumn.ObjectName,
        TableColumn.Integer("Desired", "Nodes that should run the pod."),
        TableColumn.Integer("Current", "Nodes that run it, of those that should."),
        TableColumn.Integer("Ready", "Nodes on which it is ready."),
        TableColumn.Integer("Up-to-date", "Nodes that run the pod of the present template."),
        TableColumn.Integer("Available", "Nodes on which it has been ready long enough."),
        new("Node Selector", "Which nodes should run it, by their labels."),
        TableColumn.Age, s_containers, s_images, s_selector,
    ], (obj, row) =>
    {
        var (spec, status) = (obj.Get("spec"), obj.Get("status"));
        row.Name(obj);
        row.Number(status.Number("desiredNumberScheduled"));
        row.Number(status.Number("currentNumberScheduled"));
        row.Number(status.Number("numberReady"));
        row.Number(status.Number("updatedNumberScheduled"));
        row.Number(status.Number("numberAvailable"));
        row.Text(TableText.Labels(spec.Get("template", "spec"), "nodeSelector"));
        row.Age(obj);
        TableText.Containers(spec.Get("template", "spec"), row);
        row.Text(TableText.SelectorOrNone(spec.Get("selector")));
    });

    public static TablePrinter ControllerRevisions { get; } = new(
    [
        TableColumn.ObjectName,
        new("Controller", "Whose revision it is."),
        new("Revision", "Its number."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        row.Name(obj);
        row.Text(Controller(obj));
        row.Number(obj.Number("revision"));
        row.Age(obj);
    });

    public static TablePrinter Jobs { get; } = new(
    [
        TableColumn.ObjectName,
        new("Status", "Where it stands."),
        new("Completions", "Pods that succeeded, of those needed."),
        new("Duration", "How long it took, or is taking."),
        TableColumn.Age, s_containers, s_images, s_selector,
    ], WriteJob);

    public static TablePrinter CronJobs { get; } = new(
    [
        TableColumn.ObjectName,
        new("Schedule", "When it runs, as cron has it."),
        new("Timezone", "The time zone of the schedule."),
        TableColumn.Boolean("Suspend", "Whether no further runs begin."),
        TableColumn.Integer("Active", "Runs that are going on."),
        new("Last Schedule", "Time since the last run began."),
        TableColumn.Age, s_containers, s_images, s_selector,
    ], (obj, row) =>
    {
        var (spec, status) = (obj.Get("spec"), obj.Get("status"));
        row.Name(obj);
        row.Text(spec.Text("schedule"));
        row.Text(spec.Get("timeZone").Exists() ? spec.Text("timeZone") : TableText.None);
        row.Text(!spec.Get("suspend").Exists() ? TableText.Unset : spec.Flag("suspend") ? "True" : "False");
        row.Number(status.Count("active"));
        row.Text(status.Get("lastScheduleTime").Exists() ? HumanDuration.Since(status.Text("lastScheduleTime"), row.Now) : TableText.None);
        row.Age(obj);
        var job = spec.Get("jobTemplate", "spec");
        TableText.Containers(job.Get("template", "spec"), row);
        row.Text(TableText.SelectorOrNone(job.Get("selector")));
    });

    public static TablePrinter PodDisruptionBudgets { get; } = new(
    [
        TableColumn.ObjectName,
        new("Min Available", "Pods that must stay available."),
        new("Max Unavailable", "Pods that may be unavailable."),
        TableColumn.Integer("Allowed Disruptions", "Pods that may be evicted now."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var spec = obj.Get("spec");
        row.Name(obj);
        row.Text(spec.Get("minAvailable").Exists() ? spec.Text("minAvailable") : "N/A");
        row.Text(spec.Get("maxUnavailable").Exists() ? spec.Text("maxUnavailable") : "N/A");
        row.Number(obj.Get("status").Number("disruptionsAllowed"));
        row.Age(obj);
    });

    public static TablePrinter Scales { get; } = new(
    [
        new("Name", "Name of the object that is scaled."),
        TableColumn.Integer("Desired", "Pods that are wanted."),
        TableColumn.Integer("Available", "Pods that there are."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        row.Name(obj);
        row.Number(obj.Get("spec").Number("replicas"));
        row.Number(obj.Get("status").Number("replicas"));
        row.Age(obj);
    });

    private static TablePrinter Replicas(Func<JsonElement, string> selector) => new(
    [
        TableColumn.ObjectName,
        TableColumn.Integer("Desired", "Pods that are wanted."),
        TableColumn.Integer("Current", "Pods that there are."),
        TableColumn.Integer("Ready", "Pods that are ready."),
        TableColumn.Age, s_containers, s_images, s_selector,
    ], (obj, row) =>
    {
        var (spec, status) = (obj.Get("spec"), obj.Get("status"));
        row.Name(obj);
        row.Number(spec.Number("replicas"));
        row.Number(status.Number("replicas"));
        row.Number(status.Number("readyReplicas"));
        row.Age(obj);
        TableText.Containers(spec.Get("template", "spec"), row);
        row.Text(selector(spec));
    });

    private static void WriteJob(JsonElement job, TableRow row)
    {
        var (spec, status) = (job.Get("spec"), job.Get("status"));
        var succeeded = status.Number("succeeded");
        row.Name(job);
        row.Text(
            IsTrue(job, "Complete") ? "Complete"
            : IsTrue(job, "Failed") ? "Failed"
            : job.IsBeingDeleted() ? "Terminating"
            : IsTrue(job, "Suspended") ? "Suspended"
            : IsTrue(job, "FailureTarget") ? "FailureTarget"
            : IsTrue(job, "SuccessCriteriaMet") ? "SuccessCriteriaMet"
            : "Running");
        var parallelism = spec.Number("parallelism");
        row.Text(
            spec.Get("completions").Exists() ? $"{succeeded}/{spec.Number("completions")}"
            : parallelism > 1 ? $"{succeeded}/1 of {parallelism}"
            : $"{succeeded}/1");
        row.Text(
            !HumanDuration.TryParse(status.Text("startTime"), out var start) ? ""
            : HumanDuration.Of((HumanDuration.TryParse(status.Text("completionTime"), out var end) ? end : row.Now) - start));
        row.Age(job);
        TableText.Containers(spec.Get("template", "spec"), row);
        row.Text(TableText.SelectorOrNone(spec.Get("selector")));
    }

    private static bool IsTrue(JsonElement obj, string condition) => obj.Condition(condition).Text("status") == "True";

    private static string Controller(JsonElement obj)
    {
        foreach (var owner in obj.Get("metadata").Items("ownerReferences"))
        {
            if (!owner.Flag("controller"))
                continue;
            var (kind, apiVersion) = (owner.Text("kind"), owner.Text("apiVersion"));
            var slash = apiVersion.IndexOf('/');
            return $"{(slash < 0 ? kind : $"{kind}.{apiVersion[..slash]}").ToLowerInvariant()}/{owner.Text("name")}";
        }
        return TableText.None;
    }
}
