using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>Pods, and what is made of their templates alone.</summary>
internal static class PodTables
{
    public static TablePrinter Pods { get; } = new(
    [
        TableColumn.ObjectName,
        new("Ready", "Containers that are ready, of all that should run."),
        new("Status", "What the pod as a whole is doing."),
        new("Restarts", "How often containers were restarted, and when last."),
        TableColumn.Age,
        TableColumn.Wide("IP", "The pod's first address."),
        TableColumn.Wide("Node", "The node that runs it."),
        TableColumn.Wide("Nominated Node", "The node that is being made free for it."),
        TableColumn.Wide("Readiness Gates", "Conditions beyond its containers that hold, of all that must."),
    ], WritePod)
    {
        Completion = pod => pod.Get("status").Text("phase") switch
        {
            "Succeeded" => new("Succeeded", "The pod has completed successfully."),
            "Failed" => new("Failed", "The pod failed."),
            _ => null,
        },
    };

    public static TablePrinter PodTemplates { get; } = new(
    [
        TableColumn.ObjectName,
        new("Containers", "Names of the template's containers."),
        new("Images", "Images of the template's containers."),
        new("Pod Labels", "Labels that pods made of it get."),
    ], (obj, row) =>
    {
        row.Name(obj);
        TableText.Containers(obj.Get("template", "spec"), row);
        row.Text(TableText.Labels(obj.Get("template", "metadata"), "labels"));
    });

    private static void WritePod(JsonElement pod, TableRow row)
    {
        var (spec, status) = (pod.Get("spec"), pod.Get("status"));
        var summary = PodSummary.Of(pod);
        row.Name(pod);
        row.Text($"{summary.ReadyContainers}/{summary.Containers}");
        row.Text(summary.Reason);
        row.Text(summary.Restarts > 0 && summary.LastRestart is { } last
            ? $"{summary.Restarts} ({HumanDuration.Of(row.Now - last)} ago)"
            : $"{summary.Restarts}");
        row.Age(pod);

        var ip = "";
        foreach (var address in status.Items("podIPs"))
        {
            ip = address.Text("ip");
            break;
        }
        row.Text(ip, TableText.None);
        row.Text(spec.Text("nodeName"), TableText.None);
        row.Text(status.Text("nominatedNodeName"), TableText.None);
        var gates = spec.Count("readinessGates");
        row.Text(gates == 0 ? TableText.None : $"{OpenGates(pod)}/{gates}");
    }

    private static int OpenGates(JsonElement pod)
    {
        var open = 0;
        foreach (var gate in pod.Get("spec").Items("readinessGates"))
        {
            if (pod.Condition(gate.Text("conditionType")).Text("status") == "True")
                open++;
        }
        return open;
    }
}
