using System.Buffers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What only containers of Windows have.</summary>
internal static partial class WindowsOptionsValidation
{
    private const int MaxSpecLength = 64 * 1024;
    private const int MaxDomainLength = 256;
    private const int MaxUserLength = 104;

    private static readonly SearchValues<char> NotInUsers = SearchValues.Create("\"/\\:;|=,+*?<>@[]");

    public static void Validate(JsonObject? options, FieldPath path, FieldErrors errors)
    {
        if (options is null)
            return;
        if (options.Text("gmsaCredentialSpecName") is { } name)
            errors.InvalidEach(path, "gmsaCredentialSpecName", name, NameFormats.DnsSubdomain(name));
        if (options.Text("gmsaCredentialSpec") is { } spec)
        {
            if (spec.Length == 0)
                errors.Invalid(path.Child("gmsaCredentialSpec"), spec, "gmsaCredentialSpec cannot be an empty string");
            else if (spec.Length > MaxSpecLength)
                errors.Invalid(path.Child("gmsaCredentialSpec"), spec, $"gmsaCredentialSpec size must be under {MaxSpecLength / 1024} KiB");
        }
        if (options.Text("runAsUserName") is { } user)
        {
            foreach (var fault in UserFaults(user))
                errors.Invalid(path.Child("runAsUserName"), user, fault);
        }
    }

    /// <summary>Containers that are processes of the node: all of a pod or none.</summary>
    public static void ValidateHostProcesses(PodSpecContext pod, FieldErrors errors)
    {
        var ofPod = HostProcess(pod.Spec);
        var (all, found) = (0, 0);
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers", "ephemeralContainers"])
        {
            var containers = pod.Spec.List(list);
            for (var i = 0; i < (containers?.Count ?? 0); i++)
            {
                all++;
                var own = HostProcess(containers![i] as JsonObject);
                if (ofPod is { } flag && own is { } other && flag != other)
                {
                    errors.Invalid(pod.Path.Child(list).Index(i).Child("securityContext").Child("windowsOptions", "hostProcess"), other,
                        $"pod hostProcess value must be identical if both are specified, was {(flag ? "true" : "false")}");
                }
                if ((own ?? ofPod) == true)
                    found++;
            }
        }
        if (found == 0)
            return;
        if (found != all)
            errors.Invalid(pod.Path, "", "If pod contains any hostProcess containers then all containers must be HostProcess containers");
        if (pod.Spec.Flag("hostNetwork") != true)
            errors.Invalid(pod.Path.Child("hostNetwork"), false, "hostNetwork must be true if pod contains any hostProcess containers");
        if (!pod.Options.AllowPrivileged)
            errors.Forbidden(pod.Path, "hostProcess containers are disallowed by cluster policy");
    }

    private static bool? HostProcess(JsonObject? holder) => holder.Object("securityContext").Object("windowsOptions")?.Flag("hostProcess");

    private static List<string> UserFaults(string name)
    {
        if (name.Length == 0)
            return ["runAsUserName cannot be an empty string"];
        if (name.Any(c => c < 0x20 || c == 0x7f))
            return ["runAsUserName cannot contain control characters"];
        var parts = name.Split('\\');
        if (parts.Length > 2)
            return ["runAsUserName cannot contain more than one backslash"];
        var faults = new List<string>();
        var user = parts[^1];
        if (parts.Length == 2)
        {
            if (parts[0].Length >= MaxDomainLength)
                faults.Add($"runAsUserName's Domain length must be under {MaxDomainLength} characters");
            if (!NetBios().IsMatch(parts[0]) && !DnsDomain().IsMatch(parts[0]))
                faults.Add("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
        }
        if (user.Length == 0)
            faults.Add("runAsUserName's User cannot be empty");
        else if (user.Length > MaxUserLength)
            faults.Add($"runAsUserName's User length must not be longer than {MaxUserLength} characters");
        if (user.Length > 0 && !user.AsSpan().ContainsAnyExcept('.', ' '))
            faults.Add("runAsUserName's User cannot contain only periods or spaces");
        if (user.AsSpan().ContainsAny(NotInUsers))
            faults.Add("""runAsUserName's User cannot contain the following characters: "/\:;|=,+*?<>@[]""");
        return faults;
    }

    [GeneratedRegex("""\A[^\\/:\*\?"<>|\.][^\\/:\*\?"<>|]{0,14}\z""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NetBios();

    [GeneratedRegex(@"\A[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DnsDomain();
}
