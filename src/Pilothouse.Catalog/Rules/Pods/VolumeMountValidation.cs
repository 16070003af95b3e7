using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Where a container has the pod's volumes, as directories or as raw devices.</summary>
internal static class VolumeMountValidation
{
    private static readonly string[] Propagations = ["Bidirectional", "HostToContainer", "None"];
    private static readonly string[] RecursiveModes = ["Disabled", "Enabled", "IfPossible"];

    public static void Validate(JsonObject container, IReadOnlyDictionary<string, JsonObject> volumes, FieldPath path, FieldErrors errors)
    {
        var (mounts, devices) = (container.List("volumeMounts"), container.List("volumeDevices"));
        if (mounts is { Count: > 0 })
            ValidateMounts(mounts, devices, volumes, IsPrivileged(container), path.Child("volumeMounts"), errors);
        if (devices is { Count: > 0 })
            ValidateDevices(devices, mounts, volumes, path.Child("volumeDevices"), errors);
    }

    private static bool IsPrivileged(JsonObject container) => container.Object("securityContext")?.Flag("privileged") == true;

    private static bool Has(JsonArray? list, string field, string value)
    {
        for (var i = 0; i < (list?.Count ?? 0); i++)
        {
            if (((list![i] as JsonObject)?.Text(field) ?? "") == value)
                return true;
        }
        return false;
    }

    private static void ValidateMounts(
        JsonArray mounts, JsonArray? devices, IReadOnlyDictionary<string, JsonObject> volumes, bool privileged, FieldPath path, FieldErrors errors)
    {
        var paths = new HashSet<string>();
        for (var i = 0; i < mounts.Count; i++)
        {
            var mount = mounts[i] as JsonObject ?? [];
            var (name, mountPath) = (mount.Text("name") ?? "", mount.Text("mountPath") ?? "");
            var at = path.Index(i);
            if (name.Length == 0)
                errors.Required(at.Child("name"));
            if (!volumes.ContainsKey(name))
                errors.NotFound(at.Child("name"), name);
            if (mountPath.Length == 0)
                errors.Required(at.Child("mountPath"));
            if (!paths.Add(mountPath))
                errors.Invalid(at.Child("mountPath"), mountPath, "must be unique");
            if (devices is not null && Has(devices, "name", name))
                errors.Invalid(at.Child("name"), name, "must not already exist in volumeDevices");
            if (devices is not null && Has(devices, "devicePath", mountPath))
                errors.Invalid(at.Child("mountPath"), mountPath, "must not already exist as a path in volumeDevices");
            var subPath = mount.Text("subPath") ?? "";
            if (subPath.Length > 0)
                PathValidation.LocalDescending(subPath, path.Child("subPath"), errors);
            if (mount.Text("subPathExpr") is { Length: > 0 } expression)
            {
                if (subPath.Length > 0)
                    errors.Invalid(at.Child("subPathExpr"), expression, "subPathExpr and subPath are mutually exclusive");
                PathValidation.LocalDescending(expression, path.Child("subPathExpr"), errors);
            }
            ValidateModes(mount, privileged, path, errors);
        }
    }

    private static void ValidateModes(JsonObject mount, bool privileged, FieldPath path, FieldErrors errors)
    {
        var propagation = mount.Text("mountPropagation");
        if (propagation is not null)
        {
            if (!Propagations.Contains(propagation))
                errors.NotSupported(path.Child("mountPropagation"), propagation, Propagations);
            if (propagation == "Bidirectional" && !privileged)
                errors.Forbidden(path.Child("mountPropagation"), "Bidirectional mount propagation is available only to privileged containers");
        }
        switch (mount.Text("recursiveReadOnly"))
        {
            case null or "Disabled":
                break;
            case "Enabled" or "IfPossible":
                if (mount.Flag("readOnly") != true)
                    errors.Forbidden(path.Child("recursiveReadOnly"), "may only be specified when readOnly is true");
                if (propagation is not (null or "None"))
                    errors.Forbidden(path.Child("recursiveReadOnly"), "may only be specified when mountPropagation is None or not specified");
                break;
            case { } mode:
                errors.NotSupported(path.Child("recursiveReadOnly"), mode, RecursiveModes);
                break;
        }
    }

    private static void ValidateDevices(
        JsonArray devices, JsonArray? mounts, IReadOnlyDictionary<string, JsonObject> volumes, FieldPath path, FieldErrors errors)
    {
        var (names, paths) = (new HashSet<string>(), new HashSet<string>());
        for (var i = 0; i < devices.Count; i++)
        {
            var device = devices[i] as JsonObject ?? [];
            var (name, devicePath) = (device.Text("name") ?? "", device.Text("devicePath") ?? "");
            var at = path.Index(i);
            var known = volumes.TryGetValue(name, out var volume);
            if (name.Length == 0)
                errors.Required(at.Child("name"));
            if (names.Contains(name))
                errors.Invalid(at.Child("name"), name, "must be unique");
            if (known && volume!.Object("persistentVolumeClaim") is null && volume.Object("ephemeral") is null)
                errors.Invalid(at.Child("name"), name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            if (!known)
                errors.NotFound(at.Child("name"), name);
            if (devicePath.Length == 0)
                errors.Required(at.Child("devicePath"));
            if (paths.Contains(devicePath))
                errors.Invalid(at.Child("devicePath"), devicePath, "must be unique");
            if (PathValidation.HasBacksteps(devicePath))
                errors.Invalid(at.Child("devicePath"), devicePath, "can not contain backsteps ('..')");
            else
                paths.Add(devicePath);
            if (mounts is not null && Has(mounts, "name", name))
                errors.Invalid(at.Child("name"), name, "must not already exist in volumeMounts");
            if (mounts is not null && Has(mounts, "mountPath", devicePath))
                errors.Invalid(at.Child("devicePath"), devicePath, "must not already exist as a path in volumeMounts");
            if (name.Length > 0)
                names.Add(name);
        }
    }
}
