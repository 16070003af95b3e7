using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>What scheduling goes by: priorities, leases, runtimes, devices; and autoscaling.</summary>
internal static class SchedulingTables
{
    public static TablePrinter PriorityClasses { get; } = new(
    [
        TableColumn.ObjectName,
        TableColumn.Integer("Value", "The higher, the more important."),
        TableColumn.Boolean("Global-Default", "Whether pods without a class get this one."),
        TableColumn.Age,
        new("PreemptionPolicy", "Whether its pods may drive out others."),
    ], (obj, row) =>
    {
        row.Name(obj);
        row.Number(obj.Number("value"));
        row.Flag(obj.Flag("globalDefault"));
        row.Age(obj);
        row.Text(obj.Text("preemptionPolicy"));
    });

    public static TablePrinter Leases { get; } = new(
        [TableColumn.ObjectName, new("Holder", "Who holds it."), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Text(obj.Get("spec").Text("holderIdentity"));
            row.Age(obj);
        });

    public static TablePrinter RuntimeClasses { get; } = new(
        [TableColumn.ObjectName, new("Handler", "The runtime's configuration on the node."), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Text(obj.Text("handler"));
            row.Age(obj);
        });

    public static TablePrinter ResourceClaims { get; } = new(
        [TableColumn.ObjectName, new("State", "Where it stands."), TableColumn.Age],
        (obj, row) =>
        {
            var states = new List<string>();
            if (obj.IsBeingDeleted())
                states.Add("deleted");
            if (obj.Get("status", "allocation").Exists())
            {
                states.Add("allocated");
                if (obj.Get("status").Count("reservedFor") > 0)
                    states.Add("reserved");
            }
            else if (states.Count == 0)
            {
                states.Add("pending");
            }
            row.Name(obj);
            row.Text(string.Join(',', states));
            row.Age(obj);
        });

    public static TablePrinter ResourceSlices { get; } = new(
    [
        TableColumn.ObjectName,
        new("Node", "The node that has the devices."),
        new("Driver", "The driver that offers them."),
        new("Pool", "The pool that they belong to."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var spec = obj.Get("spec");
        row.Name(obj);
        row.Text(spec.Text("nodeName"));
        row.Text(spec.Text("driver"));
        row.Text(spec.Get("pool").Text("name"));
        row.Age(obj);
    });

    public static TablePrinter HorizontalPodAutoscalers { get; } = new(
    [
        TableColumn.ObjectName,
        new("Reference", "What it scales."),
        new("Targets", "What is measured, and what is aimed at."),
        new("MinPods", "The fewest pods."),
        new("MaxPods", "The most pods."),
        new("Replicas", "The pods that there are."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var (spec, status) = (obj.Get("spec"), obj.Get("status"));
        var target = spec.Get("scaleTargetRef");
        row.Name(obj);
        row.Text($"{target.Text("kind")}/{target.Text("name")}");
        row.Text(Metrics(spec, status));
        row.Text(spec.Get("minReplicas").Exists() ? spec.Text("minReplicas") : TableText.Unset);
        row.Number(spec.Number("maxReplicas"));
        row.Number(status.Number("currentReplicas"));
        row.Age(obj);
    });

    private static string Metrics(JsonElement spec, JsonElement status)
    {
        const int Max = 2;
        if (spec.Count("metrics") == 0)
            return TableText.None;
        var texts = new List<string>();
        foreach (var metric in spec.Items("metrics"))
        {
            var current = texts.Count < status.Count("currentMetrics") ? status.Get("currentMetrics")[texts.Count] : default;
            texts.Add(Metric(metric, current));
        }
        var text = string.Join(", ", texts.Take(Max));
        return texts.Count > Max ? $"{text} + {texts.Count - Max} more..." : text;
    }

    private static string Metric(JsonElement metric, JsonElement status)
    {
        var source = metric.Text("type") switch
        {
            "External" => "external",
            "Pods" => "pods",
            "Object" => "object",
            "Resource" => "resource",
            "ContainerResource" => "containerResource",
            _ => "",
        };
        if (source.Length == 0)
            return "<unknown type>";
        var target = metric.Get(source, "target");
        var current = status.Get(source, "current");
        var hasAverage = target.Get("averageValue").Exists();
        switch (source)
        {
            case "pods":
                return $"{Quantity(current, "averageValue")}/{target.Text("averageValue")}";
            case "external" or "object":
                return hasAverage
                    ? $"{(current.Get("averageValue").Exists() ? current.Text("averageValue") : TableText.Unknown)}/{target.Text("averageValue")} (avg)"
                    : $"{Quantity(current, "value")}/{Nil(target.Text("value"))}";
            default:
                var name = metric.Get(source).Text("name");
                if (hasAverage)
                    return $"{name}: {Quantity(current, "averageValue")}/{target.Text("averageValue")}";
                var use = current.Get("averageUtilization").Exists() ? current.Text("averageUtilization") + "%" : TableText.Unknown;
                var aim = target.Get("averageUtilization").Exists() ? target.Text("averageUtilization") + "%" : "<auto>";
                return $"{name}: {use}/{aim}";
        }
    }

    private static string Quantity(JsonElement current, string field) =>
        current.Exists() ? Nil(current.Text(field)) : TableText.Unknown;

    private static string Nil(string quantity) => quantity.Length > 0 ? quantity : "<nil>";
}
