using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Sources of volumes whose rules pods and persistent volumes share, and parts of them. One method a source; the path is that
/// of the source.
/// </summary>
internal static partial class VolumeSourceValidation
{
    public const string WrongMode = "must be a number between 0 and 0777 (octal), both inclusive";

    private static readonly string[] HostPathTypes =
        ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

    private static readonly string[] CachingModes = ["None", "ReadOnly", "ReadWrite"];
    private static readonly string[] DiskKinds = ["Dedicated", "Managed", "Shared"];

    /// <summary>Fields that must not be empty.</summary>
    public static void Require(JsonObject source, FieldPath path, FieldErrors errors, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (string.IsNullOrEmpty(source.Text(field)))
                errors.Required(path.Child(field));
        }
    }

    /// <summary>The mode of files, in a field.</summary>
    public static void CheckMode(JsonObject source, string field, FieldPath path, FieldErrors errors)
    {
        if (source.Integer(field) is { } mode and (< 0 or > 511))
            errors.Invalid(path.Child(field), mode, WrongMode);
    }

    /// <summary>A reference to a secret whose name, and whose namespace where it has one, must be there.</summary>
    public static void RequireSecret(JsonObject source, FieldPath path, FieldErrors errors, bool withNamespace = false)
    {
        if (source.Object("secretRef") is not { } secret)
            return;
        Require(secret, path.Child("secretRef"), errors, "name");
        if (withNamespace)
            Require(secret, path.Child("secretRef"), errors, "namespace");
    }

    public static void HostPath(JsonObject source, FieldPath path, FieldErrors errors)
    {
        if (source.Text("path") is not { Length: > 0 } file)
        {
            errors.Required(path.Child("path"));
            return;
        }
        PathValidation.NoBacksteps(file, path.Child("path"), errors);
        if (source.Text("type") is { } type && !HostPathTypes.Contains(type))
            errors.NotSupported(path.Child("type"), type, HostPathTypes);
    }

    public static void Partition(JsonObject source, string name, FieldPath path, FieldErrors errors)
    {
        Require(source, path, errors, name);
        if (source.Integer("partition") is { } partition and (< 0 or > 255))
            errors.Invalid(path.Child("partition"), partition, FieldFormats.Between(1, 255));
    }

    public static void Nfs(JsonObject source, FieldPath path, FieldErrors errors)
    {
        Require(source, path, errors, "server", "path");
        if (source.Text("path") is not ['/', ..])
            errors.Invalid(path.Child("path"), source.Text("path") ?? "", "must be an absolute path");
    }

    /// <summary>A pod's iSCSI disk. Those of persistent volumes differ; see <see cref="IscsiOfVolume"/>.</summary>
    public static void Iscsi(JsonObject source, FieldPath path, FieldErrors errors)
    {
        Require(source, path, errors, "targetPortal");
        ValidateIscsi(source, "must be valid format starting with iqn, eui, or naa", requireSecretName: false, path, errors);
    }

    /// <summary>A persistent volume's iSCSI disk.</summary>
    public static void IscsiOfVolume(JsonObject source, string volume, FieldPath path, FieldErrors errors)
    {
        Require(source, path, errors, "targetPortal");
        if (IsIscsiNameTooLong(source, volume))
            errors.Invalid(path.Child("targetportal"), source.Text("targetPortal") ?? "", IscsiNameTooLong);
        ValidateIscsi(source, "must be valid format", requireSecretName: true, path, errors);
    }

    public const string IscsiNameTooLong =
        "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";

    public static bool IsIscsiNameTooLong(JsonObject source, string volume) =>
        source.ContainsKey("initiatorName") && volume.Length + 1 + (source.Text("targetPortal")?.Length ?? 0) > 64;

    public static void FibreChannel(JsonObject source, FieldPath path, FieldErrors errors)
    {
        var (names, wide) = (source.List("targetWWNs"), source.List("wwids"));
        if (names is not { Count: > 0 } && wide is not { Count: > 0 })
            errors.Required(path.Child("targetWWNs"), "must specify either targetWWNs or wwids, but not both");
        if (names is not { Count: > 0 })
            return;
        if (wide is { Count: > 0 })
            errors.Invalid(path.Child("targetWWNs"), GoJsonText.Show(names), "targetWWNs and wwids can not be specified simultaneously");
        if (source.Integer("lun") is not { } lun)
            errors.Required(path.Child("lun"), "lun is required if targetWWNs is specified");
        else if (lun is < 0 or > 255)
            errors.Invalid(path.Child("lun"), lun, FieldFormats.Between(0, 255));
    }

    public static void Quobyte(JsonObject source, FieldPath path, FieldErrors errors)
    {
        const string Pairs = "must be a host:port pair or multiple pairs separated by commas";
        var registry = source.Text("registry") ?? "";
        if (registry.Length == 0)
        {
            errors.Required(path.Child("registry"), Pairs);
        }
        else if (source.Text("tenant")?.Length >= 65)
        {
            errors.Required(path.Child("tenant"), "must be a UUID and may not exceed a length of 64 characters");
        }
        else
        {
            foreach (var pair in registry.Split(','))
            {
                var colon = pair.LastIndexOf(':');
                var host = colon < 0 ? "" : pair[..colon];
                var bracketed = host is ['[', .., ']'];
                if (colon < 0 || (!bracketed && host.AsSpan().ContainsAny(':', '[', ']')))
                    errors.Invalid(path.Child("registry"), registry, Pairs);
            }
        }
        Require(source, path, errors, "volume");
    }

    public static void Flocker(JsonObject source, FieldPath path, FieldErrors errors)
    {
        var (name, uuid) = (source.Text("datasetName") ?? "", source.Text("datasetUUID") ?? "");
        if (name.Length == 0 && uuid.Length == 0)
            errors.Required(path, "one of datasetName and datasetUUID is required");
        if (name.Length > 0 && uuid.Length > 0)
            errors.Invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
        if (name.Contains('/'))
            errors.Invalid(path.Child("datasetName"), name, "must not contain '/'");
    }

    public static void FlexVolume(JsonObject source, FieldPath path, FieldErrors errors)
    {
        Require(source, path, errors, "driver");
        foreach (var (key, _) in (source.Object("options") ?? []).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var slash = key.IndexOf('/');
            var domain = "." + (slash < 0 ? key : key[..slash]).ToLowerInvariant();
            if (domain.EndsWith(".kubernetes.io", StringComparison.Ordinal) || domain.EndsWith(".k8s.io", StringComparison.Ordinal))
                errors.Invalid(path.Child("options").Key(key), key, "kubernetes.io and k8s.io namespaces are reserved");
        }
    }

    public static void AzureDisk(JsonObject source, FieldPath path, FieldErrors errors)
    {
        Require(source, path, errors, "diskName", "diskURI");
        var uri = source.Text("diskURI") ?? "";
        if (source.Text("cachingMode") is { } mode && !CachingModes.Contains(mode))
            errors.NotSupported(path.Child("cachingMode"), mode, CachingModes);
        if (source.Text("kind") is not { } kind)
            return;
        if (!DiskKinds.Contains(kind))
            errors.NotSupported(path.Child("kind"), kind, DiskKinds);
        if (kind == "Managed" && !uri.StartsWith("/subscriptions/", StringComparison.Ordinal))
        {
            errors.NotSupported(path.Child("diskURI"), uri,
                "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}");
        }
        if (kind != "Managed" && !uri.StartsWith("https://", StringComparison.Ordinal))
        {
            errors.NotSupported(path.Child("diskURI"), uri,
                "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd");
        }
    }

    public static void StorageOs(JsonObject source, FieldPath path, FieldErrors errors, bool secretHasNamespace = false)
    {
        if (source.Text("volumeName") is not { Length: > 0 } name)
            errors.Required(path.Child("volumeName"));
        else
            errors.InvalidEach(path, "volumeName", name, NameFormats.DnsLabel(name));
        if (source.Text("volumeNamespace") is { Length: > 0 } @namespace)
            errors.InvalidEach(path, "volumeNamespace", @namespace, NameFormats.DnsLabel(@namespace));
        RequireSecret(source, path, errors, secretHasNamespace);
    }

    /// <summary>The name of a CSI driver: a subdomain whatever its case, at most 63 bytes.</summary>
    public static void CsiDriverName(string name, FieldPath path, FieldErrors errors)
    {
        if (name.Length == 0)
        {
            errors.Required(path);
            return;
        }
        if (name.Length > NameFormats.MaxLabelLength)
            errors.TooLong(path, NameFormats.MaxLabelLength);
        errors.InvalidEach(path, name, NameFormats.DnsSubdomain(name.ToLowerInvariant()));
    }

    private static void ValidateIscsi(JsonObject source, string wrongPrefix, bool requireSecretName, FieldPath path, FieldErrors errors)
    {
        const string WrongFormat = "must be valid format";
        if (source.Text("iqn") is not { Length: > 0 } name)
            errors.Required(path.Child("iqn"));
        else if (!HasIscsiPrefix(name))
            errors.Invalid(path.Child("iqn"), name, wrongPrefix);
        else if (!IsIscsiName(name))
            errors.Invalid(path.Child("iqn"), name, WrongFormat);
        if (source.Integer("lun") is { } lun and (< 0 or > 255))
            errors.Invalid(path.Child("lun"), lun, FieldFormats.Between(0, 255));
        if ((source.Flag("chapAuthDiscovery") == true || source.Flag("chapAuthSession") == true) && source.Object("secretRef") is null)
            errors.Required(path.Child("secretRef"));
        if (requireSecretName)
            RequireSecret(source, path, errors);
        if (source.Text("initiatorName") is not { } initiator)
            return;
        if (!HasIscsiPrefix(initiator))
            errors.Invalid(path.Child("initiatorname"), initiator, wrongPrefix);
        else if (!IsIscsiName(initiator))
            errors.Invalid(path.Child("initiatorname"), initiator, WrongFormat);
    }

    private static bool HasIscsiPrefix(string name) =>
        name.StartsWith("iqn", StringComparison.Ordinal) || name.StartsWith("eui", StringComparison.Ordinal)
        || name.StartsWith("naa", StringComparison.Ordinal);

    private static bool IsIscsiName(string name) => name[0] switch
    {
        'i' => Iqn().IsMatch(name),
        'e' => Eui().IsMatch(name),
        _ => Naa().IsMatch(name),
    };

    [GeneratedRegex(@"iqn\.[0-9]{4}-[0-9]{2}\.([a-zA-Z0-9\-.]+)(:[^,;*&$|\t\n\f\r ]+)\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Iqn();

    [GeneratedRegex(@"\Aeui.[a-zA-Z0-9]{16}\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Eui();

    [GeneratedRegex(@"\Anaa.[a-zA-Z0-9]{32}\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Naa();
}
