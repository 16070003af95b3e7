using System.Text.Json.Nodes;
using Pilothouse.Objects;
using static Pilothouse.Server.Admission.PodSecurityText;

namespace Pilothouse.Server.Admission;

/// <summary>The restricted level of the Pod Security Standards: good practice of hardening.</summary>
internal static class RestrictedChecks
{
    private static readonly string[] AllowedVolumes =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

    private static readonly string[] OtherVolumes =
    [
        "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "nfs", "iscsi", "glusterfs", "rbd", "flexVolume", "cinder",
        "cephfs", "flocker", "fc", "azureFile", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk", "portworxVolume",
        "scaleIO", "storageos",
    ];

    public static IReadOnlyList<PodSecurityCheck> All { get; } =
    [
        new("allowPrivilegeEscalation", PodSecurityLevel.Restricted, 8, PrivilegeEscalation),
        new("allowPrivilegeEscalation", PodSecurityLevel.Restricted, 25, ButOfWindows(PrivilegeEscalation)),
        new("capabilities_restricted", PodSecurityLevel.Restricted, 22, Capabilities) { Overrides = "capabilities_baseline" },
        new("capabilities_restricted", PodSecurityLevel.Restricted, 25, ButOfWindows(Capabilities)) { Overrides = "capabilities_baseline" },
        new("procMount_restricted", PodSecurityLevel.Restricted, 35, BaselineChecks.ProcMount) { Overrides = "procMount" },
        new("restrictedVolumes", PodSecurityLevel.Restricted, 0, Volumes) { Overrides = "hostPathVolumes" },
        new("runAsNonRoot", PodSecurityLevel.Restricted, 0, RunAsNonRoot),
        new("runAsNonRoot", PodSecurityLevel.Restricted, 35, ButOfOwnUsers(RunAsNonRoot)),
        new("runAsUser", PodSecurityLevel.Restricted, 23, RunAsUser),
        new("runAsUser", PodSecurityLevel.Restricted, 35, ButOfOwnUsers(RunAsUser)),
        new("seccompProfile_restricted", PodSecurityLevel.Restricted, 19, Seccomp) { Overrides = "seccompProfile_baseline" },
        new("seccompProfile_restricted", PodSecurityLevel.Restricted, 25, ButOfWindows(Seccomp)) { Overrides = "seccompProfile_baseline" },
    ];

    // Validation refuses these fields in Windows pods, so nobody could satisfy the check.
    private static Func<JsonObject, JsonObject, PodSecurityResult?> ButOfWindows(Func<JsonObject, JsonObject, PodSecurityResult?> check) =>
        (metadata, spec) => IsWindows(spec) ? null : check(metadata, spec);

    private static Func<JsonObject, JsonObject, PodSecurityResult?> ButOfOwnUsers(Func<JsonObject, JsonObject, PodSecurityResult?> check) =>
        (metadata, spec) => HasOwnUsers(spec) ? null : check(metadata, spec);

    private static PodSecurityResult? PrivilegeEscalation(JsonObject metadata, JsonObject spec)
    {
        var bad = Names(spec, c => SecurityContext(c)?.Flag("allowPrivilegeEscalation") != false);
        return bad.Count == 0 ? null : new(
            "allowPrivilegeEscalation != false", $"{ContainersNamed(bad)} must set securityContext.allowPrivilegeEscalation=false");
    }

    private static PodSecurityResult? Capabilities(JsonObject metadata, JsonObject spec)
    {
        var (missing, adding, added) = (new List<string>(), new List<string>(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var container in Containers(spec))
        {
            var capabilities = SecurityContext(container).Object("capabilities");
            if ((capabilities.List("drop") ?? []).All(c => c.AsText() != "ALL"))
                missing.Add(NameOf(container));
            var mine = (capabilities.List("add") ?? []).Select(c => c.AsText() ?? "").Where(c => c != "NET_BIND_SERVICE").ToList();
            added.UnionWith(mine);
            if (mine.Count > 0)
                adding.Add(NameOf(container));
        }
        var details = new List<string>();
        if (missing.Count > 0)
            details.Add($"{ContainersNamed(missing)} must set securityContext.capabilities.drop=[\"ALL\"]");
        if (adding.Count > 0)
            details.Add($"{ContainersNamed(adding)} must not include {Quoted(added)} in securityContext.capabilities.add");
        return details.Count == 0 ? null : new("unrestricted capabilities", string.Join("; ", details));
    }

    private static PodSecurityResult? Volumes(JsonObject metadata, JsonObject spec)
    {
        var (bad, types) = (new List<string>(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var volume in spec.Objects("volumes"))
        {
            if (AllowedVolumes.Any(volume.ContainsKey))
                continue;
            bad.Add(NameOf(volume));
            types.Add(OtherVolumes.FirstOrDefault(volume.ContainsKey) ?? "unknown");
        }
        return bad.Count == 0 ? null : new(
            "restricted volume types",
            $"{Plural("volume", "volumes", bad.Count)} {Quoted(bad)} {Plural("uses", "use", bad.Count)} "
            + $"{Plural("restricted volume type", "restricted volume types", types.Count)} {Quoted(types)}");
    }

    private static PodSecurityResult? RunAsNonRoot(JsonObject metadata, JsonObject spec)
    {
        const string Reason = "runAsNonRoot != true";
        var pod = SecurityContext(spec)?.Flag("runAsNonRoot");
        var setters = Setters(pod == false, Names(spec, c => SecurityContext(c)?.Flag("runAsNonRoot") == false));
        if (setters.Count > 0)
            return new(Reason, $"{string.Join(" and ", setters)} must not set securityContext.runAsNonRoot=false");
        var silent = pod == true ? [] : Names(spec, c => SecurityContext(c)?.Flag("runAsNonRoot") is null);
        return silent.Count == 0 ? null : new(Reason, $"pod or {ContainersNamed(silent)} must set securityContext.runAsNonRoot=true");
    }

    private static PodSecurityResult? RunAsUser(JsonObject metadata, JsonObject spec)
    {
        static bool IsRoot(JsonObject part) => SecurityContext(part)?.Integer("runAsUser") == 0;
        var setters = Setters(IsRoot(spec), Names(spec, IsRoot));
        return setters.Count == 0 ? null : new("runAsUser=0", $"{string.Join(" and ", setters)} must not set runAsUser=0");
    }

    private static PodSecurityResult? Seccomp(JsonObject metadata, JsonObject spec)
    {
        const string Reason = "seccompProfile";
        var values = new SortedSet<string>(StringComparer.Ordinal);
        bool IsBad(JsonObject part)
        {
            if (SecurityContext(part).Object("seccompProfile") is not { } profile || BaselineChecks.IsSafeSeccomp(profile.Text("type")))
                return false;
            values.Add(profile.Text("type") ?? "");
            return true;
        }

        var podIsBad = IsBad(spec);
        var setters = Setters(podIsBad, Names(spec, IsBad));
        if (setters.Count > 0)
            return new(Reason, $"{string.Join(" and ", setters)} must not set securityContext.seccompProfile.type to {Quoted(values)}");
        var podIsSet = SecurityContext(spec).Object("seccompProfile") is not null;
        var silent = podIsSet ? [] : Names(spec, c => SecurityContext(c).Object("seccompProfile") is null);
        return silent.Count == 0 ? null : new(
            Reason, $"pod or {ContainersNamed(silent)} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }
}
