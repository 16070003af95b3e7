using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The volumes of a pod. Each has one source; its container's mounts find it by name.</summary>
internal static class VolumeValidation
{
    /// <summary>A source, by its field, under which name its errors stand, and under which a second source is refused.</summary>
    private sealed record Source(string Field, Action<JsonObject, FieldPath, FieldErrors> Check, string? ErrorName = null, string? SecondName = null);

    // In the order in which upstream looks.
    private static readonly Source[] Sources =
    [
        new("hostPath", VolumeSourceValidation.HostPath),
        new("gitRepo", GitRepo),
        new("gcePersistentDisk", (s, p, e) => VolumeSourceValidation.Partition(s, "pdName", p, e), "persistentDisk"),
        new("awsElasticBlockStore", (s, p, e) => VolumeSourceValidation.Partition(s, "volumeID", p, e)),
        new("secret", (s, p, e) => Items(s, "secretName", p, e)),
        new("nfs", VolumeSourceValidation.Nfs),
        new("iscsi", VolumeSourceValidation.Iscsi),
        new("glusterfs", Required("endpoints", "path")),
        new("flocker", VolumeSourceValidation.Flocker),
        new("persistentVolumeClaim", Required("claimName")),
        new("rbd", Rbd),
        new("cinder", Cinder),
        new("cephfs", CephFs, SecondName: "cephFS"),
        new("quobyte", VolumeSourceValidation.Quobyte),
        new("downwardAPI", DownwardApi, SecondName: "downwarAPI"),
        new("fc", VolumeSourceValidation.FibreChannel),
        new("flexVolume", VolumeSourceValidation.FlexVolume),
        new("configMap", (s, p, e) => Items(s, "name", p, e)),
        new("azureFile", Required("secretName", "shareName")),
        new("vsphereVolume", Required("volumePath")),
        new("photonPersistentDisk", Required("pdID")),
        new("portworxVolume", Required("volumeID")),
        new("azureDisk", VolumeSourceValidation.AzureDisk),
        new("storageos", (s, p, e) => VolumeSourceValidation.StorageOs(s, p, e)),
    ];

    // Those that come after, because what they check depends on more than themselves.
    private static readonly string[] LastSources = ["projected", "scaleIO", "csi", "ephemeral", "image"];

    /// <summary>Checks the volumes, and returns those that are right, by name.</summary>
    /// <param name="volumes">The list, or null.</param>
    /// <param name="podName">The name that the pod's claims begin with; empty for templates.</param>
    /// <param name="path">Its place.</param>
    /// <param name="options">What an old object allows.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static Dictionary<string, JsonObject> Validate(
        JsonArray? volumes, string podName, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        var found = new Dictionary<string, JsonObject>(volumes?.Count ?? 0);
        if (volumes is null)
            return found;
        var made = MadeClaims(volumes, podName);
        for (var i = 0; i < volumes.Count; i++)
        {
            var volume = volumes[i] as JsonObject ?? [];
            var at = path.Index(i);
            var before = errors.All.Count;
            var name = volume.Text("name") ?? "";
            ValidateSource(volume, name, podName, at, options, errors);
            if (name.Length == 0)
                errors.Required(at.Child("name"));
            else
                errors.InvalidEach(at, "name", name, NameFormats.DnsLabel(name));
            if (found.ContainsKey(name))
                errors.Duplicate(at.Child("name"), name);
            if (errors.All.Count == before)
                found[name] = volume;
            if (made?.Contains(volume.Object("persistentVolumeClaim")?.Text("claimName") ?? "") == true)
            {
                errors.Invalid(at.Child("persistentVolumeClaim", "claimName"), volume.Object("persistentVolumeClaim")!.Text("claimName"),
                    "must not reference a PVC that gets created for an ephemeral volume");
            }
        }
        return found;
    }

    /// <summary>A key of a config map or secret, and the path of its file.</summary>
    public static void ValidateKeyToPath(JsonObject item, FieldPath path, FieldErrors errors)
    {
        VolumeSourceValidation.Require(item, path, errors, "key", "path");
        PathValidation.LocalNotReserved(item.Text("path") ?? "", path.Child("path"), errors);
        VolumeSourceValidation.CheckMode(item, "mode", path, errors);
    }

    private static HashSet<string>? MadeClaims(JsonArray volumes, string podName)
    {
        HashSet<string>? made = null;
        for (var i = 0; podName.Length > 0 && i < volumes.Count; i++)
        {
            if (volumes[i] is JsonObject volume && volume.Object("ephemeral") is not null)
                (made ??= []).Add($"{podName}-{volume.Text("name")}");
        }
        return made;
    }

    private static void ValidateSource(
        JsonObject volume, string name, string podName, FieldPath path, PodValidationOptions options, FieldErrors errors)
    {
        var found = false;
        if (volume.Object("emptyDir") is { } emptyDir)
        {
            found = true;
            if (QuantityValidation.Read(emptyDir["sizeLimit"]).Sign < 0)
                errors.Forbidden(path.Child("emptyDir", "sizeLimit"), "SizeLimit field must be a valid resource quantity");
        }
        foreach (var source in Sources)
        {
            if (volume.Object(source.Field) is not { } value)
                continue;
            if (IsSecond(ref found, source.SecondName ?? source.Field, path, errors))
                continue;
            source.Check(value, path.Child(source.ErrorName ?? source.Field), errors);
        }
        if (volume.Object("iscsi") is { } iscsi && VolumeSourceValidation.IsIscsiNameTooLong(iscsi, name))
            errors.Invalid(path.Child("name"), name, VolumeSourceValidation.IscsiNameTooLong);
        foreach (var field in LastSources)
        {
            if (volume.Object(field) is not { } value || IsSecond(ref found, field, path, errors))
                continue;
            var at = path.Child(field);
            switch (field)
            {
                case "projected":
                    ProjectedVolumeValidation.Validate(value, at, options, errors);
                    break;
                case "scaleIO":
                    VolumeSourceValidation.Require(value, at, errors, "gateway", "system", "volumeName");
                    break;
                case "csi":
                    Csi(value, at, errors);
                    break;
                case "ephemeral":
                    Ephemeral(value, name, podName, path, errors);
                    break;
                default:
                    if (options.IsPod)
                        VolumeSourceValidation.Require(value, at, errors, "reference");
                    ContainerValidation.ValidatePullPolicy(value.Text("pullPolicy"), at.Child("pullPolicy"), errors);
                    break;
            }
        }
        if (!found)
            errors.Required(path, "must specify a volume type");
    }

    private static bool IsSecond(ref bool found, string name, FieldPath path, FieldErrors errors)
    {
        if (found)
            errors.Forbidden(path.Child(name), "may not specify more than 1 volume type");
        var second = found;
        found = true;
        return second;
    }

    private static Action<JsonObject, FieldPath, FieldErrors> Required(params string[] fields) =>
        (source, path, errors) => VolumeSourceValidation.Require(source, path, errors, fields);

    private static void GitRepo(JsonObject source, FieldPath path, FieldErrors errors)
    {
        VolumeSourceValidation.Require(source, path, errors, "repository");
        PathValidation.LocalDescending(source.Text("directory") ?? "", path.Child("directory"), errors);
    }

    private static void Items(JsonObject source, string name, FieldPath path, FieldErrors errors)
    {
        VolumeSourceValidation.Require(source, path, errors, name);
        VolumeSourceValidation.CheckMode(source, "defaultMode", path, errors);
        var items = source.List("items");
        for (var i = 0; i < (items?.Count ?? 0); i++)
            ValidateKeyToPath(items![i] as JsonObject ?? [], path.Child("items").Index(i), errors);
    }

    private static void Rbd(JsonObject source, FieldPath path, FieldErrors errors)
    {
        if (source.List("monitors") is not { Count: > 0 })
            errors.Required(path.Child("monitors"));
        VolumeSourceValidation.Require(source, path, errors, "image");
    }

    private static void CephFs(JsonObject source, FieldPath path, FieldErrors errors)
    {
        if (source.List("monitors") is not { Count: > 0 })
            errors.Required(path.Child("monitors"));
    }

    private static void Cinder(JsonObject source, FieldPath path, FieldErrors errors)
    {
        VolumeSourceValidation.Require(source, path, errors, "volumeID");
        VolumeSourceValidation.RequireSecret(source, path, errors);
    }

    private static void DownwardApi(JsonObject source, FieldPath path, FieldErrors errors)
    {
        VolumeSourceValidation.CheckMode(source, "defaultMode", path, errors);
        foreach (var file in source.Objects("items"))
            EnvironmentValidation.ValidateFile(file, path, errors);
    }

    private static void Csi(JsonObject source, FieldPath path, FieldErrors errors)
    {
        VolumeSourceValidation.CsiDriverName(source.Text("driver") ?? "", path.Child("driver"), errors);
        if (source.Object("nodePublishSecretRef") is not { } secret)
            return;
        if (secret.Text("name") is not { Length: > 0 } name)
            errors.Required(path.Child("nodePublishSecretRef", "name"));
        else
            errors.InvalidEach(path, "name", name, NameFormats.DnsSubdomain(name));
    }

    private static void Ephemeral(JsonObject source, string name, string podName, FieldPath path, FieldErrors errors)
    {
        if (source.Object("volumeClaimTemplate") is not { } template)
            errors.Required(path.Child("ephemeral", "volumeClaimTemplate"));
        else
            VolumeClaimTemplateValidation.Validate(template, path.Child("ephemeral", "volumeClaimTemplate"), errors);
        if (podName.Length == 0 || name.Length == 0)
            return;
        var claim = $"{podName}-{name}";
        foreach (var fault in NameFormats.DnsSubdomain(claim))
            errors.Invalid(path.Child("name"), name, $"PVC name {GoText.Quote(claim)}: {fault}");
    }
}
