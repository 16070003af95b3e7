using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>Volumes, claims on them, and who provides them.</summary>
internal static class StorageTables
{
    private static readonly TableColumn s_capacity = new("Capacity", "How much it holds.");
    private static readonly TableColumn s_modes = new("Access Modes", "How it can be mounted.");
    private static readonly TableColumn s_class = new("StorageClass", "The storage class.");
    private static readonly TableColumn s_attributesClass = new("VolumeAttributesClass", "The class of its attributes.");
    private static readonly TableColumn s_mode = TableColumn.Wide("VolumeMode", "A file system, or a block device.");

    public static TablePrinter PersistentVolumes { get; } = new(
    [
        TableColumn.ObjectName, s_capacity, s_modes,
        new("Reclaim Policy", "What becomes of it once it is released."),
        new("Status", "Where it stands."),
        new("Claim", "Who uses it."),
        s_class, s_attributesClass,
        new("Reason", "Why it is in this state."),
        TableColumn.Age, s_mode,
    ], (obj, row) =>
    {
        var (spec, status) = (obj.Get("spec"), obj.Get("status"));
        var claim = spec.Get("claimRef");
        row.Name(obj);
        row.Text(spec.Get("capacity").Text("storage"), "0");
        row.Text(TableText.AccessModes(spec));
        row.Text(spec.Text("persistentVolumeReclaimPolicy"));
        row.Text(obj.IsBeingDeleted() ? "Terminating" : status.Text("phase"));
        row.Text(claim.Exists() ? $"{claim.Text("namespace")}/{claim.Text("name")}" : "");
        row.Text(StorageClass(obj));
        row.Text(OrUnset(spec, "volumeAttributesClassName"));
        row.Text(status.Text("reason"));
        row.Age(obj);
        row.Text(OrUnset(spec, "volumeMode"));
    });

    public static TablePrinter PersistentVolumeClaims { get; } = new(
    [
        TableColumn.ObjectName,
        new("Status", "Where it stands."),
        new("Volume", "The volume that was found for it."),
        s_capacity, s_modes, s_class, s_attributesClass, TableColumn.Age, s_mode,
    ], (obj, row) =>
    {
        var (spec, status) = (obj.Get("spec"), obj.Get("status"));
        var bound = spec.Text("volumeName").Length > 0;
        row.Name(obj);
        row.Text(obj.IsBeingDeleted() ? "Terminating" : status.Text("phase"));
        row.Text(spec.Text("volumeName"));
        row.Text(!bound ? "" : status.Get("capacity").Text("storage") is { Length: > 0 } capacity ? capacity : "0");
        row.Text(bound ? TableText.AccessModes(status) : "");
        row.Text(StorageClass(obj));
        row.Text(OrUnset(spec, "volumeAttributesClassName"));
        row.Age(obj);
        row.Text(OrUnset(spec, "volumeMode"));
    });

    public static TablePrinter StorageClasses { get; } = new(
    [
        TableColumn.ObjectName,
        new("Provisioner", "What makes volumes of the class."),
        new("ReclaimPolicy", "What becomes of its volumes once they are released."),
        new("VolumeBindingMode", "When a claim gets its volume."),
        new("AllowVolumeExpansion", "Whether its volumes can grow."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var isDefault = obj.Annotation("storageclass.kubernetes.io/is-default-class") == "true"
            || obj.Annotation("storageclass.beta.kubernetes.io/is-default-class") == "true";
        row.NameOrDefault(obj, isDefault);
        row.Text(obj.Text("provisioner"));
        row.Text(obj.Text("reclaimPolicy"), "Delete");
        row.Text(obj.Text("volumeBindingMode"), "Immediate");
        row.Flag(obj.Flag("allowVolumeExpansion"));
        row.Age(obj);
    });

    public static TablePrinter VolumeAttributesClasses { get; } = new(
        [TableColumn.ObjectName, new("DriverName", "The driver that knows the attributes."), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Text(obj.Text("driverName"));
            row.Age(obj);
        });

    public static TablePrinter VolumeAttachments { get; } = new(
    [
        TableColumn.ObjectName,
        new("Attacher", "What attaches the volume.", Format: "name"),
        new("PV", "The volume."),
        new("Node", "The node."),
        TableColumn.Boolean("Attached", "Whether it is attached."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var spec = obj.Get("spec");
        row.Name(obj);
        row.Text(spec.Text("attacher"));
        row.Text(spec.Get("source").Text("persistentVolumeName"));
        row.Text(spec.Text("nodeName"));
        row.Flag(obj.Get("status").Flag("attached"));
        row.Age(obj);
    });

    public static TablePrinter CsiDrivers { get; } = new(
    [
        TableColumn.ObjectName,
        TableColumn.Boolean("AttachRequired", "Whether volumes are attached before they are mounted."),
        TableColumn.Boolean("PodInfoOnMount", "Whether it is told of the pod on mounting."),
        TableColumn.Boolean("StorageCapacity", "Whether it reports how much it can hold."),
        new("TokenRequests", "Audiences of the tokens that it wants."),
        TableColumn.Boolean("RequiresRepublish", "Whether it wants to be called again from time to time."),
        new("Modes", "Life cycles of volumes that it supports."),
        TableColumn.Age,
    ], (obj, row) =>
    {
        var spec = obj.Get("spec");
        row.Name(obj);
        row.Flag(spec.Flag("attachRequired", whenMissing: true));
        row.Flag(spec.Flag("podInfoOnMount"));
        row.Flag(spec.Flag("storageCapacity"));
        row.Text(spec.Get("tokenRequests").Exists() ? string.Join(',', TableText.Fields(spec, "tokenRequests", "audience")) : TableText.Unset);
        row.Flag(spec.Flag("requiresRepublish"));
        row.Text(string.Join(',', spec.Texts("volumeLifecycleModes")), TableText.None);
        row.Age(obj);
    });

    public static TablePrinter CsiNodes { get; } = new(
        [TableColumn.ObjectName, TableColumn.Integer("Drivers", "Number of drivers on the node."), TableColumn.Age],
        (obj, row) =>
        {
            row.Name(obj);
            row.Number(obj.Get("spec").Count("drivers"));
            row.Age(obj);
        });

    private static string StorageClass(JsonElement obj)
    {
        const string Legacy = "volume.beta.kubernetes.io/storage-class";
        return obj.Get("metadata", "annotations").Get(Legacy).Exists() ? obj.Annotation(Legacy) : obj.Get("spec").Text("storageClassName");
    }

    private static string OrUnset(JsonElement spec, string field) => spec.Get(field).Exists() ? spec.Text(field) : TableText.Unset;
}
