using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>As whom containers run, and what they may do to their node.</summary>
internal static partial class SecurityContextValidation
{
    private const int MaxSysctlLength = 253;
    private const int MaxAppArmorProfile = 4095;

    private static readonly string[] ProfileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

    /// <summary>The security context of a pod.</summary>
    public static void ValidatePod(JsonObject security, PodSpecContext pod, FieldErrors errors)
    {
        if (security.Count == 0)
            return;
        var path = pod.Path.Child("securityContext");
        CheckId(security, "fsGroup", path, errors);
        CheckId(security, "runAsUser", path, errors);
        CheckId(security, "runAsGroup", path, errors);
        var groups = security.List("supplementalGroups");
        for (var i = 0; i < (groups?.Count ?? 0); i++)
        {
            var id = groups![i].AsInteger() ?? 0;
            if (FieldFormats.UserOrGroupId(id) is { Count: > 0 } faults)
                errors.Invalid(path.Child("supplementalGroups").Index(i), id, faults[0]);
        }
        ValidateSharedProcesses(pod, errors);
        if (security.List("sysctls") is { Count: > 0 } sysctls)
            ValidateSysctls(sysctls, pod, path.Child("sysctls"), errors);
        CheckOneOf(security, "fsGroupChangePolicy", path, errors, "Always", "OnRootMismatch");
        ValidateSeccomp(security.Object("seccompProfile"), path.Child("seccompProfile"), errors);
        WindowsOptionsValidation.Validate(security.Object("windowsOptions"), path.Child("windowsOptions"), errors);
        ValidateAppArmor(security.Object("appArmorProfile"), path.Child("appArmorProfile"), errors);
        CheckOneOf(security, "supplementalGroupsPolicy", path, errors, "Merge", "Strict");
        // Other values belong to a feature that is off, but may stay where they were.
        if (pod.Options.AllowAnySeLinuxChangePolicy)
            CheckOneOf(security, "seLinuxChangePolicy", path, errors, "MountOption", "Recursive");
        else
            CheckOneOf(security, "seLinuxChangePolicy", path, errors, "Recursive");
    }

    /// <summary>A pod without security context can still be wrong in what the field stands for.</summary>
    public static void ValidateSharedProcesses(PodSpecContext pod, FieldErrors errors)
    {
        if (pod.Spec.Flag("hostPID") == true && pod.Spec.Flag("shareProcessNamespace") == true)
        {
            errors.Invalid(pod.Path.Child("securityContext", "shareProcessNamespace"), true,
                "ShareProcessNamespace and HostPID cannot both be enabled");
        }
    }

    /// <summary>The security context of a container.</summary>
    public static void ValidateContainer(JsonObject security, PodSpecContext pod, FieldPath path, FieldErrors errors)
    {
        if (security.Count == 0)
            return;
        var privileged = security.Flag("privileged") == true;
        if (privileged && !pod.Options.AllowPrivileged)
            errors.Forbidden(path.Child("privileged"), "disallowed by cluster policy");
        CheckId(security, "runAsUser", path, errors);
        CheckId(security, "runAsGroup", path, errors);
        CheckOneOf(security, "procMount", path, errors, "Default", "Unmasked");
        if (pod.HostUsers && security.Text("procMount") == "Unmasked")
            errors.Invalid(path.Child("procMount"), "Unmasked", "`hostUsers` must be false to use `Unmasked`");
        ValidateSeccomp(security.Object("seccompProfile"), path.Child("seccompProfile"), errors);
        if (security.Flag("allowPrivilegeEscalation") == false)
        {
            if (privileged)
                errors.Invalid(path, InternalForm.Show(security, "SecurityContext"), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            foreach (var capability in security.Object("capabilities").List("add") ?? [])
            {
                if (capability.AsText() == "CAP_SYS_ADMIN")
                {
                    errors.Invalid(path, InternalForm.Show(security, "SecurityContext"),
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
                }
            }
        }
        WindowsOptionsValidation.Validate(security.Object("windowsOptions"), path.Child("windowsOptions"), errors);
        ValidateAppArmor(security.Object("appArmorProfile"), path.Child("appArmorProfile"), errors);
    }

    /// <summary>What is wrong with a kernel parameter in a pod that shares the node's namespaces; null for nothing.</summary>
    public static string? HostSysctlFault(string name, JsonObject spec)
    {
        // Slashes may stand for dots; then the first of either kind decides.
        var first = name.IndexOfAny(['.', '/']);
        if (first >= 0 && name[first] == '/')
            name = string.Create(name.Length, name, (span, text) =>
            {
                for (var i = 0; i < text.Length; i++)
                    span[i] = text[i] switch { '/' => '.', '.' => '/', var other => other };
            });
        var star = name.IndexOf('*');
        if (star >= 0)
            name = name[..star];
        if (spec.Flag("hostNetwork") == true && name.StartsWith("net.", StringComparison.Ordinal))
            return "may not be specified when 'hostNetwork' is true";
        var ipc = name.StartsWith("fs.mqueue.", StringComparison.Ordinal)
            || name is "kernel.sem" or "kernel.shmall" or "kernel.shmmax" or "kernel.shmmni" or "kernel.shm_rmid_forced" or "kernel.shm"
                or "kernel.msgmax" or "kernel.msgmnb" or "kernel.msgmni" or "kernel.msg";
        return ipc && spec.Flag("hostIPC") == true ? "may not be specified when 'hostIPC' is true" : null;
    }

    public static void ValidateSeccomp(JsonObject? profile, FieldPath path, FieldErrors errors)
    {
        if (profile is null)
            return;
        var type = profile.Text("type") ?? "";
        if (type.Length == 0)
            errors.Required(path.Child("type"), "type is required when seccompProfile is set");
        else if (!ProfileTypes.Contains(type))
            errors.NotSupported(path.Child("type"), type, ProfileTypes);
        var local = profile.Text("localhostProfile");
        if (type != "Localhost")
        {
            if (local is not null)
                errors.Invalid(path.Child("localhostProfile"), InternalForm.Show(profile, "SeccompProfile"), "can only be set when seccomp type is Localhost");
        }
        else if (local is null)
        {
            errors.Required(path.Child("localhostProfile"), "must be set when seccomp type is Localhost");
        }
        else
        {
            PathValidation.LocalDescending(local, path.Child("localhostProfile"), errors);
        }
    }

    public static void ValidateAppArmor(JsonObject? profile, FieldPath path, FieldErrors errors)
    {
        if (profile is null)
            return;
        var local = profile.Text("localhostProfile");
        switch (profile.Text("type") ?? "")
        {
            case "Localhost":
                if (local is null)
                {
                    errors.Required(path.Child("localhostProfile"), "must be set when AppArmor type is Localhost");
                    break;
                }
                if (local.Trim() != local)
                    errors.Invalid(path.Child("localhostProfile"), local, "must not be padded with whitespace");
                else if (local.Length == 0)
                    errors.Required(path.Child("localhostProfile"), "must be set when AppArmor type is Localhost");
                if (local.Length > MaxAppArmorProfile)
                    errors.TooLong(path.Child("localhostProfile"), MaxAppArmorProfile);
                break;
            case "RuntimeDefault" or "Unconfined":
                if (local is not null)
                    errors.Invalid(path.Child("localhostProfile"), local, "can only be set when AppArmor type is Localhost");
                break;
            case "":
                errors.Required(path.Child("type"), "type is required when appArmorProfile is set");
                break;
            case var type:
                errors.NotSupported(path.Child("type"), type, ProfileTypes);
                break;
        }
    }

    private static void CheckId(JsonObject security, string field, FieldPath path, FieldErrors errors)
    {
        if (security.Integer(field) is { } id && FieldFormats.UserOrGroupId(id) is { Count: > 0 } faults)
            errors.Invalid(path.Child(field), id, faults[0]);
    }

    private static void CheckOneOf(JsonObject security, string field, FieldPath path, FieldErrors errors, params string[] values)
    {
        if (security.Text(field) is { } value && !values.Contains(value))
            errors.NotSupported(path.Child(field), value, values);
    }

    private static void ValidateSysctls(JsonArray sysctls, PodSpecContext pod, FieldPath path, FieldErrors errors)
    {
        var names = new HashSet<string>();
        for (var i = 0; i < sysctls.Count; i++)
        {
            var name = (sysctls[i] as JsonObject)?.Text("name") ?? "";
            var at = path.Index(i).Child("name");
            if (name.Length == 0)
                errors.Required(at);
            else if (name.Length > MaxSysctlLength || !SysctlName().IsMatch(name))
                errors.Invalid(at, name, $"must have at most {MaxSysctlLength} characters and match regex "
                    + @"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
            else if (names.Contains(name))
                errors.Duplicate(at, name);
            if (!pod.Options.AllowHostSysctls && HostSysctlFault(name, pod.Spec) is { } fault)
                errors.Invalid(at, name, fault);
            names.Add(name);
        }
    }

    [GeneratedRegex(@"\A([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SysctlName();
}
