using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using static Pilothouse.Server.Admission.PodSecurityText;

namespace Pilothouse.Server.Admission;

/// <summary>The baseline level of the Pod Security Standards: against known ways to become more than one is.</summary>
internal static class BaselineChecks
{
    private const string AppArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";
    private const string PodSeccompAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
    private const string ContainerSeccompAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

    private static readonly HashSet<string> Capabilities =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID",
        "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    private static readonly HashSet<string> SeLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t"];
    private static readonly HashSet<string> SeLinuxTypes31 = [.. SeLinuxTypes, "container_engine_t"];

    private static readonly HashSet<string> Sysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
    ];

    private static readonly HashSet<string> Sysctls27 = [.. Sysctls, "net.ipv4.ip_local_reserved_ports"];

    private static readonly HashSet<string> Sysctls29 =
    [
        .. Sysctls27, "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
    ];

    private static readonly HashSet<string> Sysctls32 = [.. Sysctls29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];

    public static IReadOnlyList<PodSecurityCheck> All { get; } =
    [
        new("appArmorProfile", PodSecurityLevel.Baseline, 0, AppArmor),
        new("capabilities_baseline", PodSecurityLevel.Baseline, 0, AddedCapabilities),
        new("hostNamespaces", PodSecurityLevel.Baseline, 0, HostNamespaces),
        new("hostPathVolumes", PodSecurityLevel.Baseline, 0, HostPaths),
        new("hostPorts", PodSecurityLevel.Baseline, 0, HostPorts),
        new("hostProbesAndHostLifecycle", PodSecurityLevel.Baseline, 34, ProbedHosts),
        new("privileged", PodSecurityLevel.Baseline, 0, Privileged),
        new("procMount", PodSecurityLevel.Baseline, 0, ProcMount),
        new("procMount", PodSecurityLevel.Baseline, 35, (metadata, spec) => HasOwnUsers(spec) ? null : ProcMount(metadata, spec)),
        new("seLinuxOptions", PodSecurityLevel.Baseline, 0, (_, spec) => SeLinux(spec, SeLinuxTypes)),
        new("seLinuxOptions", PodSecurityLevel.Baseline, 31, (_, spec) => SeLinux(spec, SeLinuxTypes31)),
        new("seccompProfile_baseline", PodSecurityLevel.Baseline, 0, SeccompAnnotations),
        new("seccompProfile_baseline", PodSecurityLevel.Baseline, 19, Seccomp),
        new("sysctls", PodSecurityLevel.Baseline, 0, (_, spec) => ForbiddenSysctls(spec, Sysctls)),
        new("sysctls", PodSecurityLevel.Baseline, 27, (_, spec) => ForbiddenSysctls(spec, Sysctls27)),
        new("sysctls", PodSecurityLevel.Baseline, 29, (_, spec) => ForbiddenSysctls(spec, Sysctls29)),
        new("sysctls", PodSecurityLevel.Baseline, 32, (_, spec) => ForbiddenSysctls(spec, Sysctls32)),
        new("windowsHostProcess", PodSecurityLevel.Baseline, 0, HostProcess),
    ];

    public static bool IsSafeSeccomp(string? type) => type is "Localhost" or "RuntimeDefault";

    public static PodSecurityResult? ProcMount(JsonObject metadata, JsonObject spec)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var bad = Names(spec, c => SecurityContext(c)?.Text("procMount") is { } type && type != "Default" && Note(types, type));
        return bad.Count == 0 ? null
            : new("procMount", $"{ContainersNamed(bad)} must not set securityContext.procMount to {Quoted(types)}");
    }

    private static PodSecurityResult? AppArmor(JsonObject metadata, JsonObject spec)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        bool IsBad(JsonObject part) =>
            SecurityContext(part).Object("appArmorProfile") is { } profile
            && profile.Text("type") is not ("RuntimeDefault" or "Localhost")
            && Note(values, profile.Text("type") ?? "");

        var setters = Setters(IsBad(spec), Names(spec, IsBad));
        var annotations = (metadata.Object("annotations") ?? [])
            .Where(a => a.Key.StartsWith(AppArmorAnnotation, StringComparison.Ordinal)
                && a.Value.AsText() is { Length: > 0 } value
                && value != "runtime/default" && !value.StartsWith("localhost/", StringComparison.Ordinal))
            .Select(a => $"{a.Key}={GoText.Quote(a.Value.AsText()!)}")
            .Order(StringComparer.Ordinal)
            .ToList();
        List<string> shown = [.. values, .. annotations];
        if (annotations.Count > 0)
            setters.Add(Plural("annotation", "annotations", annotations.Count));
        return setters.Count == 0 ? null : new(
            Plural("forbidden AppArmor profile", "forbidden AppArmor profiles", shown.Count),
            $"{string.Join(" and ", setters)} must not set AppArmor profile type to {Quoted(shown)}");
    }

    private static PodSecurityResult? AddedCapabilities(JsonObject metadata, JsonObject spec)
    {
        var added = new SortedSet<string>(StringComparer.Ordinal);
        var bad = new List<string>();
        foreach (var container in Containers(spec))
        {
            var mine = (SecurityContext(container).Object("capabilities").List("add") ?? [])
                .Select(c => c.AsText() ?? "").Where(c => !Capabilities.Contains(c)).ToList();
            added.UnionWith(mine);
            if (mine.Count > 0)
                bad.Add(NameOf(container));
        }
        return bad.Count == 0 ? null
            : new("non-default capabilities", $"{ContainersNamed(bad)} must not include {Quoted(added)} in securityContext.capabilities.add");
    }

    private static PodSecurityResult? HostNamespaces(JsonObject metadata, JsonObject spec)
    {
        var shared = ((string[])["hostNetwork", "hostPID", "hostIPC"]).Where(n => spec.Flag(n) == true).Select(n => $"{n}=true").ToList();
        return shared.Count == 0 ? null : new("host namespaces", string.Join(", ", shared));
    }

    private static PodSecurityResult? HostPaths(JsonObject metadata, JsonObject spec)
    {
        var bad = spec.Objects("volumes").Where(v => v.ContainsKey("hostPath")).Select(NameOf).ToList();
        return bad.Count == 0 ? null : new("hostPath volumes", $"{Plural("volume", "volumes", bad.Count)} {Quoted(bad)}");
    }

    private static PodSecurityResult? HostPorts(JsonObject metadata, JsonObject spec)
    {
        var ports = new SortedSet<string>(StringComparer.Ordinal);
        var bad = new List<string>();
        foreach (var container in Containers(spec))
        {
            var mine = container.Objects("ports").Select(p => p.Integer("hostPort") ?? 0).Where(p => p != 0).ToList();
            ports.UnionWith(mine.Select(p => p.ToString(CultureInfo.InvariantCulture)));
            if (mine.Count > 0)
                bad.Add(NameOf(container));
        }
        return bad.Count == 0 ? null : new(
            "hostPort",
            $"{ContainersNamed(bad)} {Plural("uses", "use", bad.Count)} {Plural("hostPort", "hostPorts", ports.Count)} {string.Join(", ", ports)}");
    }

    private static PodSecurityResult? ProbedHosts(JsonObject metadata, JsonObject spec)
    {
        var hosts = new SortedSet<string>(StringComparer.Ordinal);
        var bad = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var container in Containers(spec))
        {
            foreach (var handler in (JsonObject?[])
            [
                container.Object("livenessProbe"), container.Object("readinessProbe"), container.Object("startupProbe"),
                container.Object("lifecycle").Object("postStart"), container.Object("lifecycle").Object("preStop"),
            ])
            {
                foreach (var action in (string[])["httpGet", "tcpSocket"])
                {
                    if (handler.Object(action)?.Text("host") is { Length: > 0 } host)
                    {
                        hosts.Add(host);
                        bad.Add(NameOf(container));
                    }
                }
            }
        }
        return bad.Count == 0 ? null : new(
            "probe or lifecycle host",
            $"{ContainersNamed(bad)} {Plural("uses", "use", bad.Count)} "
            + $"{Plural("probe or lifecycle host", "probe or lifecycle hosts", hosts.Count)} {Quoted(hosts)}");
    }

    private static PodSecurityResult? Privileged(JsonObject metadata, JsonObject spec)
    {
        var bad = Names(spec, c => SecurityContext(c)?.Flag("privileged") == true);
        return bad.Count == 0 ? null : new("privileged", $"{ContainersNamed(bad)} must not set securityContext.privileged=true");
    }

    private static PodSecurityResult? SeLinux(JsonObject spec, HashSet<string> allowed)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var (user, role) = (false, false);
        bool IsBad(JsonObject part)
        {
            if (SecurityContext(part).Object("seLinuxOptions") is not { } options)
                return false;
            var type = options.Text("type") ?? "";
            var (hasUser, hasRole) = (options.Text("user") is { Length: > 0 }, options.Text("role") is { Length: > 0 });
            user |= hasUser;
            role |= hasRole;
            return (!allowed.Contains(type) && Note(types, type)) | hasUser | hasRole;
        }

        var setters = Setters(IsBad(spec), Names(spec, IsBad));
        if (setters.Count == 0)
            return null;
        var data = new List<string>();
        if (types.Count > 0)
            data.Add($"{Plural("type", "types", types.Count)} {Quoted(types)}");
        if (user)
            data.Add("user may not be set");
        if (role)
            data.Add("role may not be set");
        return new("seLinuxOptions", $"{string.Join(" and ", setters)} set forbidden securityContext.seLinuxOptions: {string.Join("; ", data)}");
    }

    private static PodSecurityResult? SeccompAnnotations(JsonObject metadata, JsonObject spec)
    {
        var annotations = metadata.Object("annotations") ?? [];
        var bad = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var key in Containers(spec).Select(c => ContainerSeccompAnnotation + NameOf(c)).Prepend(PodSeccompAnnotation))
        {
            if (annotations.Text(key) is { } value
                && value is not ("runtime/default" or "docker/default") && !value.StartsWith("localhost/", StringComparison.Ordinal))
            {
                bad.Add($"{key}={GoText.Quote(value)}");
            }
        }
        return bad.Count == 0 ? null
            : new("seccompProfile", $"forbidden {Plural("annotation", "annotations", bad.Count)} {string.Join(", ", bad)}");
    }

    private static PodSecurityResult? Seccomp(JsonObject metadata, JsonObject spec)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        bool IsBad(JsonObject part) =>
            SecurityContext(part).Object("seccompProfile") is { } profile
            && !IsSafeSeccomp(profile.Text("type")) && Note(values, profile.Text("type") ?? "");

        var setters = Setters(IsBad(spec), Names(spec, IsBad));
        return setters.Count == 0 ? null : new(
            "seccompProfile", $"{string.Join(" and ", setters)} must not set securityContext.seccompProfile.type to {Quoted(values)}");
    }

    private static PodSecurityResult? ForbiddenSysctls(JsonObject spec, HashSet<string> allowed)
    {
        var bad = SecurityContext(spec).Objects("sysctls").Select(NameOf).Where(n => !allowed.Contains(n)).ToList();
        return bad.Count == 0 ? null : new("forbidden sysctls", string.Join(", ", bad));
    }

    private static PodSecurityResult? HostProcess(JsonObject metadata, JsonObject spec)
    {
        static bool IsBad(JsonObject part) => SecurityContext(part).Object("windowsOptions")?.Flag("hostProcess") == true;
        var setters = Setters(IsBad(spec), Names(spec, IsBad));
        return setters.Count == 0 ? null : new(
            "hostProcess", $"{string.Join(" and ", setters)} must not set securityContext.windowsOptions.hostProcess=true");
    }

    private static bool Note(SortedSet<string> values, string value)
    {
        values.Add(value);
        return true;
    }
}
