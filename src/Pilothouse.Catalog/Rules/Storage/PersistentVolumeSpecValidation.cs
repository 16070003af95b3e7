using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a volume is: one source of storage, and who may use it how. Attachments have such a spec inline, with less in it.</summary>
internal static class PersistentVolumeSpecValidation
{
    private const string NotInline = "may not be specified in the context of inline volumes";

    private static readonly string[] AccessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
    private static readonly string[] ReclaimPolicies = ["Delete", "Recycle", "Retain"];
    private static readonly string[] VolumeModes = ["Block", "Filesystem"];

    /// <summary>The sources, in the order in which upstream looks; the first is the one that counts.</summary>
    public static readonly string[] Sources =
    [
        "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi", "cinder",
        "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO", "local",
        "storageos", "csi",
    ];

    /// <summary>Checks a spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="name">The volume's name; empty inline.</param>
    /// <param name="inline">It is part of an attachment.</param>
    /// <param name="path">Its place.</param>
    /// <param name="allowInvalidValues">The old object's node affinity has values that are no labels' values.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void Validate(JsonObject spec, string name, bool inline, FieldPath path, bool allowInvalidValues, FieldErrors errors)
    {
        if (inline)
        {
            RefuseInline(spec, "claimRef", path, errors);
            if (spec.Object("capacity") is { Count: > 0 })
                errors.Forbidden(path.Child("capacity"), NotInline);
            if (!spec.ContainsKey("csi"))
                errors.Required(path.Child("csi"), "has to be specified in the context of inline volumes");
        }
        ValidateModes(spec, path, errors);
        if (!inline)
            ValidateCapacity(spec, path, errors);
        var policy = spec.Word("persistentVolumeReclaimPolicy");
        if (policy.Length > 0 && inline && policy != "Retain")
            errors.Forbidden(path.Child("persistentVolumeReclaimPolicy"), "may only be Retain in the context of inline volumes");
        else if (policy.Length > 0 && !inline && !ReclaimPolicies.Contains(policy))
            errors.NotSupported(path.Child("persistentVolumeReclaimPolicy"), policy, ReclaimPolicies);
        if (inline)
            RefuseInline(spec, "nodeAffinity", path, errors);
        else if (spec.Object("nodeAffinity") is { } affinity)
            ValidateAffinity(affinity, path.Child("nodeAffinity"), allowInvalidValues, errors);
        ValidateSources(spec, name, inline, path, errors);
        if (spec.Object("hostPath") is { } host && policy == "Recycle" && IsRoot(host.Word("path")))
            errors.Forbidden(path.Child("persistentVolumeReclaimPolicy"), "may not be 'recycle' for a hostPath mount of '/'");
        if (spec.Word("storageClassName") is { Length: > 0 } storageClass)
        {
            if (inline)
                errors.Forbidden(path.Child("storageClassName"), NotInline);
            else
                errors.InvalidEach(path, "storageClassName", storageClass, NameFormats.DnsSubdomain(storageClass));
        }
        if (spec.Text("volumeMode") is { } mode)
        {
            if (inline && mode != "Filesystem")
                errors.Forbidden(path.Child("volumeMode"), "may not specify volumeMode other than Filesystem in the context of inline volumes");
            else if (!inline && !VolumeModes.Contains(mode))
                errors.NotSupported(path.Child("volumeMode"), mode, VolumeModes);
        }
        // Upstream does not ask for the attributes' class inline.
        if (inline || spec.Text("volumeAttributesClassName") is not { } attributes)
            return;
        if (attributes.Length == 0)
            errors.Required(path.Child("volumeAttributesClassName"), "an empty string is disallowed");
        else
            errors.InvalidEach(path, "volumeAttributesClassName", attributes, NameFormats.DnsSubdomain(attributes));
        if (!spec.ContainsKey("csi"))
            errors.Required(path.Child("csi"), "has to be specified when using volumeAttributesClassName");
    }

    private static void RefuseInline(JsonObject spec, string field, FieldPath path, FieldErrors errors)
    {
        if (spec.ContainsKey(field))
            errors.Forbidden(path.Child(field), NotInline);
    }

    private static void ValidateModes(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        var at = path.Child("accessModes");
        if (spec.CountOf("accessModes") == 0)
            errors.Required(at);
        var (exclusive, shared) = (false, false);
        foreach (var (_, mode) in spec.Words("accessModes"))
        {
            if (!AccessModes.Contains(mode))
                errors.NotSupported(at, mode, AccessModes);
            else if (mode == "ReadWriteOncePod")
                exclusive = true;
            else
                shared = true;
        }
        if (exclusive && shared)
            errors.Forbidden(at, "may not use ReadWriteOncePod with other access modes");
    }

    private static void ValidateCapacity(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        var at = path.Child("capacity");
        var capacity = spec.Object("capacity");
        if (capacity is not { Count: > 0 })
            errors.Required(at);
        if (capacity?.ContainsKey("storage") != true || capacity.Count > 1)
            errors.NotSupported(at, GoJsonText.ShowMap(spec.Object("capacity")), "storage");
        foreach (var (resource, value) in capacity ?? [])
        {
            var amount = QuantityValidation.Read(value);
            if (amount.Value < 0)
                errors.Invalid(at.Key(resource), amount.Value, "must be a valid resource quantity");
            QuantityValidation.ValidatePositive(amount, at.Key(resource), errors);
        }
    }

    private static void ValidateAffinity(JsonObject affinity, FieldPath path, bool allowInvalidValues, FieldErrors errors)
    {
        if (affinity.Object("required") is { } required)
            NodeSelectorValidation.Validate(required, path.Child("required"), errors, allowInvalidValues);
        else
            errors.Required(path.Child("required"), "must specify required node constraints");
    }

    private static void ValidateSources(JsonObject spec, string name, bool inline, FieldPath path, FieldErrors errors)
    {
        var found = 0;
        foreach (var kind in Sources)
        {
            if (spec.Object(kind) is not { } source)
                continue;
            if (found++ > 0 && kind != "flexVolume")
            {
                errors.Forbidden(path.Child(kind == "cephfs" ? "cephFS" : kind), "may not specify more than 1 volume type");
                continue;
            }
            ValidateSource(kind, source, name, path.Child(kind == "gcePersistentDisk" ? "persistentDisk" : kind), errors);
            if (kind == "local" && (inline || spec.Object("nodeAffinity") is null))
                errors.Required(path.Child("nodeAffinity"), "Local volume requires node affinity");
        }
        if (found == 0)
            errors.Required(path, "must specify a volume type");
    }

    private static void ValidateSource(string kind, JsonObject source, string name, FieldPath path, FieldErrors errors)
    {
        switch (kind)
        {
            case "hostPath":
                VolumeSourceValidation.HostPath(source, path, errors);
                break;
            case "gcePersistentDisk" or "awsElasticBlockStore":
                VolumeSourceValidation.Partition(source, kind == "gcePersistentDisk" ? "pdName" : "volumeID", path, errors);
                break;
            case "glusterfs":
                VolumeSourceValidation.Require(source, path, errors, "endpoints", "path");
                if (source.Text("endpointsNamespace") is { } @namespace)
                {
                    if (@namespace.Length == 0)
                        errors.Invalid(path.Child("endpointsNamespace"), "", "if the endpointnamespace is set, it must be a valid namespace name");
                    else
                        errors.InvalidEach(path, "endpointsNamespace", @namespace, NameFormats.DnsLabel(@namespace));
                }
                break;
            case "flocker":
                VolumeSourceValidation.Flocker(source, path, errors);
                break;
            case "nfs":
                VolumeSourceValidation.Nfs(source, path, errors);
                break;
            case "rbd":
                RequireMonitors(source, path, errors);
                VolumeSourceValidation.Require(source, path, errors, "image");
                break;
            case "quobyte":
                VolumeSourceValidation.Quobyte(source, path, errors);
                break;
            case "cephfs":
                RequireMonitors(source, path, errors);
                break;
            case "iscsi":
                VolumeSourceValidation.IscsiOfVolume(source, name, path, errors);
                break;
            case "cinder":
                VolumeSourceValidation.Require(source, path, errors, "volumeID");
                VolumeSourceValidation.RequireSecret(source, path, errors, withNamespace: true);
                break;
            case "fc":
                VolumeSourceValidation.FibreChannel(source, path, errors);
                break;
            case "flexVolume":
                VolumeSourceValidation.FlexVolume(source, path, errors);
                break;
            case "azureFile":
                VolumeSourceValidation.Require(source, path, errors, "secretName", "shareName");
                if (source.Text("secretNamespace") is "")
                    errors.Required(path.Child("secretNamespace"));
                break;
            case "vsphereVolume":
                VolumeSourceValidation.Require(source, path, errors, "volumePath");
                break;
            case "photonPersistentDisk":
                VolumeSourceValidation.Require(source, path, errors, "pdID");
                break;
            case "portworxVolume":
                VolumeSourceValidation.Require(source, path, errors, "volumeID");
                break;
            case "azureDisk":
                VolumeSourceValidation.AzureDisk(source, path, errors);
                break;
            case "scaleIO":
                VolumeSourceValidation.Require(source, path, errors, "gateway", "system", "volumeName");
                break;
            case "local":
                if (source.Word("path").Length == 0)
                    errors.Required(path.Child("path"));
                else
                    PathValidation.NoBacksteps(source.Word("path"), path.Child("path"), errors);
                break;
            case "storageos":
                VolumeSourceValidation.StorageOs(source, path, errors, secretHasNamespace: true);
                break;
            default:
                ValidateCsi(source, path, errors);
                break;
        }
    }

    private static void RequireMonitors(JsonObject source, FieldPath path, FieldErrors errors)
    {
        if (source.CountOf("monitors") == 0)
            errors.Required(path.Child("monitors"));
    }

    private static void ValidateCsi(JsonObject source, FieldPath path, FieldErrors errors)
    {
        errors.CheckDriverName(source.Word("driver"), path.Child("driver"));
        if (source.Word("volumeHandle").Length == 0)
            errors.Required(path.Child("volumeHandle"));
        foreach (var field in (ReadOnlySpan<string>)
            ["controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef"])
        {
            if (source.Object(field) is not { } secret)
                continue;
            var at = path.Child(field);
            if (secret.Word("name") is { Length: > 0 } name)
                errors.InvalidEach(at, "name", name, NameFormats.DnsSubdomain(name));
            else
                errors.Required(at.Child("name"));
            if (secret.Word("namespace") is { Length: > 0 } @namespace)
                errors.InvalidEach(at, "namespace", @namespace, NameFormats.DnsLabel(@namespace));
            else
                errors.Required(at.Child("namespace"));
        }
    }

    /// <summary>Whether a path is that of the whole disk, however it is written.</summary>
    private static bool IsRoot(string path)
    {
        if (!path.StartsWith('/'))
            return false;
        var depth = 0;
        foreach (var range in path.AsSpan().Split('/'))
        {
            var part = path.AsSpan()[range];
            if (part is "..")
                depth = Math.Max(0, depth - 1);
            else if (!part.IsEmpty && part is not ".")
                depth++;
        }
        return depth == 0;
    }
}
