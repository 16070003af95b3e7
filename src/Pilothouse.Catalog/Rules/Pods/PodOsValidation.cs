using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a pod may not have on its operating system, and what not with users of its own.</summary>
internal static class PodOsValidation
{
    private const string NotOnWindows = "cannot be set for a windows pod";
    private const string NotOnLinux = "windows options cannot be set for a linux pod";
    private const string NotWithUsers = "when `hostUsers` is false";

    // Of the pod: the field, and whether it stands in the security context.
    private static readonly (string Field, bool Inside)[] PodFields =
    [
        ("appArmorProfile", true), ("seLinuxOptions", true), ("hostUsers", false), ("hostPID", false), ("hostIPC", false),
        ("seccompProfile", true), ("fsGroup", true), ("fsGroupChangePolicy", true), ("sysctls", true), ("shareProcessNamespace", false),
        ("runAsUser", true), ("runAsGroup", true), ("supplementalGroups", true), ("supplementalGroupsPolicy", true), ("seLinuxChangePolicy", true),
    ];

    private static readonly string[] ContainerFields =
    [
        "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged",
        "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup",
    ];

    public static void Validate(PodSpecContext pod, FieldErrors errors)
    {
        if (pod.Spec.Object("os") is not { } os)
            return;
        switch (os.Text("name") ?? "")
        {
            case "":
                errors.Required(pod.Path.Child("os", "name"));
                break;
            case "linux":
                ValidateLinux(pod, errors);
                break;
            case "windows":
                ValidateWindows(pod, errors);
                break;
            case var name:
                errors.NotSupported(pod.Path.Child("os"), name, "linux", "windows");
                break;
        }
    }

    public static void ValidateHostUsers(PodSpecContext pod, FieldErrors errors)
    {
        if (pod.HostUsers)
            return;
        if (pod.Spec.Flag("hostNetwork") == true)
            errors.Forbidden(pod.Path.Child("hostNetwork"), NotWithUsers);
        if (pod.Spec.Flag("hostPID") == true)
            errors.Forbidden(pod.Path.Child("HostPID"), NotWithUsers);
        if (pod.Spec.Flag("hostIPC") == true)
            errors.Forbidden(pod.Path.Child("HostIPC"), NotWithUsers);
        if (pod.Options.AllowVolumeDevicesOfUserNamespaces)
            return;
        foreach (var (container, list, index) in PodAnnotationValidation.Containers(pod.Spec))
        {
            if (container.List("volumeDevices") is { Count: > 0 })
                errors.Forbidden(pod.Path.Child(list).Index(index).Child("volumeDevices"), NotWithUsers);
        }
    }

    private static void ValidateLinux(PodSpecContext pod, FieldErrors errors)
    {
        if (pod.Spec.Object("securityContext").Object("windowsOptions") is not null)
            errors.Forbidden(pod.Path.Child("securityContext", "windowsOptions"), NotOnLinux);
        foreach (var (container, list, index) in PodAnnotationValidation.Containers(pod.Spec))
        {
            if (container.Object("securityContext").Object("windowsOptions") is not null)
                errors.Forbidden(pod.Path.Child(list).Index(index).Child("securityContext", "windowsOptions"), NotOnLinux);
        }
    }

    private static void ValidateWindows(PodSpecContext pod, FieldErrors errors)
    {
        var security = pod.Spec.Object("securityContext");
        foreach (var (field, inside) in PodFields)
        {
            if ((inside ? security : pod.Spec)?[field] is not null)
                errors.Forbidden(inside ? pod.Path.Child("securityContext", field) : pod.Path.Child(field), NotOnWindows);
        }
        foreach (var (container, list, index) in PodAnnotationValidation.Containers(pod.Spec))
        {
            foreach (var field in ContainerFields)
            {
                if (container.Object("securityContext")?[field] is not null)
                    errors.Forbidden(pod.Path.Child(list).Index(index).Child("securityContext", field), NotOnWindows);
            }
        }
    }
}
