using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Cluster-wide defaults and exemptions (pod-security.admission.config.k8s.io/v1 PodSecurityConfiguration).</summary>
internal sealed record PodSecuritySettings
{
    private const string Group = "pod-security.admission.config.k8s.io/";

    public PodSecurityPolicy Defaults { get; init; } =
        new(PodSecurityStandard.Privileged, PodSecurityStandard.Privileged, PodSecurityStandard.Privileged);

    public IReadOnlySet<string> Usernames { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Namespaces { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> RuntimeClasses { get; init; } = new HashSet<string>();

    /// <exception cref="AdmissionConfigurationException">It says nonsense; every fault is named.</exception>
    public static PodSecuritySettings Read(AdmissionConfiguration configuration)
    {
        if (!configuration.TryGet("PodSecurity", out var json))
            return new();
        if (json.Text("kind") != "PodSecurityConfiguration" || json.Text("apiVersion")?.StartsWith(Group, StringComparison.Ordinal) != true)
            throw new AdmissionConfigurationException($"PodSecurity: expected a PodSecurityConfiguration of {Group}v1");
        var errors = new FieldErrors();
        var defaults = json.Object("defaults") ?? [];
        var exemptions = json.Object("exemptions") ?? [];
        var settings = new PodSecuritySettings
        {
            Defaults = new(Mode(defaults, "enforce", errors), Mode(defaults, "audit", errors), Mode(defaults, "warn", errors)),
            Namespaces = Names(exemptions, "namespaces", NameFormats.DnsLabel, errors),
            RuntimeClasses = Names(exemptions, "runtimeClasses", NameFormats.DnsSubdomain, errors),
            Usernames = Names(exemptions, "usernames", name => name.Length == 0 ? ["username must not be empty"] : [], errors),
        };
        return errors.Any ? throw new AdmissionConfigurationException($"PodSecurity: {string.Join(", ", errors.All)}") : settings;
    }

    private static PodSecurityStandard Mode(JsonObject defaults, string mode, FieldErrors errors)
    {
        var level = PodSecurityLevel.Privileged;
        var version = PodSecurityVersion.Latest;
        if (defaults.Text(mode) is { Length: > 0 } given && !PodSecurityStandard.TryParse(given, out level))
            errors.Add(FieldError.Invalid($"defaults.{mode}", given, "must be one of privileged, baseline, restricted"));
        if (defaults.Text($"{mode}-version") is { Length: > 0 } text && !PodSecurityVersion.TryParse(text, out version))
            errors.Add(FieldError.Invalid($"defaults.{mode}-version", text, "must be \"latest\" or \"v1.x\""));
        return new(level, version);
    }

    private static HashSet<string> Names(JsonObject exemptions, string field, Func<string, IReadOnlyList<string>> check, FieldErrors errors)
    {
        var names = new HashSet<string>();
        var index = 0;
        foreach (var name in exemptions.List(field)?.Select(n => n.AsText() ?? "") ?? [])
        {
            var path = $"exemptions.{field}[{index++}]";
            var faults = check(name);
            if (faults.Count > 0)
                errors.Add(FieldError.Invalid(path, name, string.Join(", ", faults)));
            else if (!names.Add(name))
                errors.Add(FieldError.Duplicate(path, name));
        }
        return names;
    }
}
