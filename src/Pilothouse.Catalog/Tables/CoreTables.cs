using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>Kinds of the core group that have no pods and no addresses.</summary>
internal static class CoreTables
{
    /// <summary>Kinds without columns of their own, with the time of creation as it is stored.</summary>
    public static TablePrinter Default { get; } = new(
    [
        TableColumn.ObjectName,
        new("Created At", "When the object was created.", "date"),
    ], (obj, row) =>
    {
        row.Name(obj);
        row.Text(obj.Get("metadata").Text("creationTimestamp"), "0001-01-01T00:00:00Z");
    });

    /// <summary>Kinds of which nothing is shown but their age.</summary>
    public static TablePrinter NameAndAge { get; } = new([TableColumn.ObjectName, TableColumn.Age], (obj, row) =>
    {
        row.Name(obj);
        row.Age(obj);
    });

    public static TablePrinter ConfigMaps { get; } = new(
        [TableColumn.ObjectName, new("Data", "Number of entries."), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Number(obj.Count("data") + obj.Count("binaryData"));
            row.Age(obj);
        });

    public static TablePrinter Secrets { get; } = new(
        [TableColumn.ObjectName, new("Type", "What kind of secret it is."), new("Data", "Number of entries."), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Text(obj.Text("type"));
            row.Number(obj.Count("data"));
            row.Age(obj);
        });

    public static TablePrinter Namespaces { get; } = new(
        [TableColumn.ObjectName, new("Status", "Whether it is in use or going away."), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Text(obj.Get("status").Text("phase"));
            row.Age(obj);
        });

    public static TablePrinter ComponentStatuses { get; } = new(
    [
        TableColumn.ObjectName,
        new("Status", "Whether the component is healthy."),
        new("Message", "What it says of itself."),
        new("Error", "Why it could not be asked."),
    ], (obj, row) =>
    {
        var healthy = default(JsonElement);
        foreach (var condition in obj.Items("conditions"))
        {
            if (condition.Text("type") != "Healthy")
                continue;
            healthy = condition;
            break;
        }
        row.Name(obj);
        row.Text(!healthy.Exists() ? "Unknown" : healthy.Text("status") == "True" ? "Healthy" : "Unhealthy");
        row.Text(healthy.Text("message"));
        row.Text(healthy.Text("error"));
    });

    public static TablePrinter ResourceQuotas { get; } = new(
    [
        TableColumn.ObjectName,
        new("Request", "What is used of what may be requested."),
        new("Limit", "What is used of what limits may sum up to."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var status = obj.Get("status");
        var (requests, limits) = (new List<string>(), new List<string>());
        foreach (var hard in status.Entries("hard"))
        {
            var used = status.Get("used").Text(hard.Name) is { Length: > 0 } quantity ? quantity : "0";
            (hard.Name.StartsWith("limits.", StringComparison.Ordinal) ? limits : requests).Add($"{hard.Name}: {used}/{hard.Value.Text()}");
        }
        row.Name(obj);
        row.Text(string.Join(", ", requests));
        row.Text(string.Join(", ", limits));
        row.Age(obj);
    });

    public static TablePrinter Events { get; } = new(
    [
        new("Last Seen", "Time since it was last seen."),
        new("Type", "Normal, or Warning."),
        new("Reason", "Why it came about, in one word."),
        new("Object", "What it is about."),
        TableColumn.Wide("Subobject", "The part of the object that it is about."),
        TableColumn.Wide("Source", "Who reports it."),
        new("Message", "What happened."),
        TableColumn.Wide("First Seen", "Time since it was first seen."),
        TableColumn.Wide("Count", "How often it was seen."),
        new("Name", "Name of the event.", Format: "name", Priority: 1),
    ], WriteEvent);

    public static TablePrinter Nodes { get; } = new(
    [
        TableColumn.ObjectName,
        new("Status", "Whether it can run pods."),
        new("Roles", "What it is for."),
        TableColumn.Age,
        new("Version", "Version of its kubelet."),
        TableColumn.Wide("Internal-IP", "Its address within the cluster."),
        TableColumn.Wide("External-IP", "Its address from outside."),
        TableColumn.Wide("OS-Image", "Its operating system."),
        TableColumn.Wide("Kernel-Version", "Version of its kernel."),
        TableColumn.Wide("Container-Runtime", "What runs its containers."),
    ], WriteNode);

    private static void WriteEvent(JsonElement obj, TableRow row)
    {
        var first = HumanDuration.Since(FirstOf(obj.Text("firstTimestamp"), obj.Text("eventTime")), row.Now);
        var last = obj.Text("lastTimestamp") is { Length: > 0 } time ? HumanDuration.Since(time, row.Now) : first;
        var count = obj.Number("count");
        var series = obj.Get("series");
        if (series.Exists())
        {
            last = HumanDuration.Since(series.Text("lastObservedTime"), row.Now);
            count = series.Number("count");
        }
        else if (count == 0)
        {
            count = 1;
        }
        var involved = obj.Get("involvedObject");
        var kind = involved.Text("kind").ToLowerInvariant();
        var component = FirstOf(obj.Get("source").Text("component"), obj.Text("reportingComponent"));
        var instance = FirstOf(obj.Get("source").Text("host"), obj.Text("reportingInstance"));

        row.Text(last);
        row.Text(obj.Text("type"));
        row.Text(obj.Text("reason"));
        row.Text(involved.Text("name") is { Length: > 0 } name ? $"{kind}/{name}" : kind);
        row.Text(involved.Text("fieldPath"));
        row.Text(instance.Length == 0 ? component : $"{component}, {instance}");
        row.Text(obj.Text("message").Trim());
        row.Text(first);
        row.Number(count);
        row.Name(obj);
    }

    private static void WriteNode(JsonElement obj, TableRow row)
    {
        const string RolePrefix = "node-role.kubernetes.io/";
        var status = obj.Get("status");
        var ready = obj.Condition("Ready");
        var state = !ready.Exists() ? "Unknown" : ready.Text("status") == "True" ? "Ready" : "NotReady";
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var label in obj.Get("metadata").Entries("labels"))
        {
            if (label.Name.StartsWith(RolePrefix, StringComparison.Ordinal) && label.Name.Length > RolePrefix.Length)
                roles.Add(label.Name[RolePrefix.Length..]);
            else if (label.Name == "kubernetes.io/role" && label.Value.Text() is { Length: > 0 } role)
                roles.Add(role);
        }
        var info = status.Get("nodeInfo");

        row.Name(obj);
        row.Text(obj.Get("spec").Flag("unschedulable") ? state + ",SchedulingDisabled" : state);
        row.Text(string.Join(',', roles), TableText.None);
        row.Age(obj);
        row.Text(info.Text("kubeletVersion"));
        row.Text(Address(status, "InternalIP"));
        row.Text(Address(status, "ExternalIP"));
        row.Text(info.Text("osImage"), TableText.Unknown);
        var kernel = info.Text("kernelVersion") is { Length: > 0 } version ? version : TableText.Unknown;
        row.Text(info.Text("architecture") is { Length: > 0 } architecture ? $"{kernel} ({architecture})" : kernel);
        row.Text(info.Text("containerRuntimeVersion"), TableText.Unknown);
    }

    private static string Address(JsonElement status, string type)
    {
        foreach (var address in status.Items("addresses"))
        {
            if (address.Text("type") == type)
                return address.Text("address");
        }
        return TableText.None;
    }

    private static string FirstOf(string first, string second) => first.Length > 0 ? first : second;
}
