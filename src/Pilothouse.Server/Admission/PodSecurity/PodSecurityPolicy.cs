using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>What a namespace asks of its pods: refuse, note for the audit log, warn.</summary>
internal readonly record struct PodSecurityPolicy(PodSecurityStandard Enforce, PodSecurityStandard Audit, PodSecurityStandard Warn)
{
    public const string Prefix = "pod-security.kubernetes.io/";

    public bool IsFullyPrivileged =>
        Enforce.Level == PodSecurityLevel.Privileged && Audit.Level == PodSecurityLevel.Privileged && Warn.Level == PodSecurityLevel.Privileged;

    public bool IsEquivalentTo(PodSecurityPolicy other) =>
        Enforce.IsEquivalentTo(other.Enforce) && Audit.IsEquivalentTo(other.Audit) && Warn.IsEquivalentTo(other.Warn);

    /// <summary>
    /// The policy of a namespace. A label that says nonsense counts as restricted and latest for what is enforced, and as
    /// privileged for what is only said.
    /// </summary>
    /// <param name="labels">The namespace's labels; null for none.</param>
    /// <param name="defaults">For what the labels do not say.</param>
    /// <param name="errors">Gets what is wrong with the labels.</param>
    public static PodSecurityPolicy Read(JsonObject? labels, PodSecurityPolicy defaults, FieldErrors errors)
    {
        if (labels is null || labels.Count == 0)
            return defaults;
        var (enforce, enforceGiven, _) = Mode(labels, "enforce", defaults.Enforce, PodSecurityLevel.Restricted, errors);
        var (audit, _, _) = Mode(labels, "audit", defaults.Audit, PodSecurityLevel.Privileged, errors);
        var (warn, _, warnLabelled) = Mode(labels, "warn", defaults.Warn, PodSecurityLevel.Privileged, errors);
        // Whoever enforces wants to hear about workloads too, whose pods would be refused later.
        if (!warnLabelled && enforceGiven && enforce.Level > warn.Level)
            warn = new(enforce.Level, labels.ContainsKey(Prefix + "warn-version") ? warn.Version : enforce.Version);
        return new(enforce, audit, warn);
    }

    /// <summary>What a namespace that is exempt says for nothing; empty when it says nothing of its own.</summary>
    public string Describe(JsonObject? labels)
    {
        var parts = new List<string>();
        foreach (var (mode, standard) in ((string, PodSecurityStandard)[])[("enforce", Enforce), ("audit", Audit), ("warn", Warn)])
        {
            if (standard.Level != PodSecurityLevel.Privileged
                && (labels?.ContainsKey(Prefix + mode) == true || labels?.ContainsKey($"{Prefix}{mode}-version") == true))
            {
                parts.Add($"{mode}={standard}");
            }
        }
        return string.Join(", ", parts);
    }

    private static (PodSecurityStandard Standard, bool Given, bool Labelled) Mode(
        JsonObject labels, string mode, PodSecurityStandard standard, PodSecurityLevel whenBroken, FieldErrors errors)
    {
        var (level, version) = standard;
        var given = false;
        var labelled = labels.TryGetPropertyValue(Prefix + mode, out var levelLabel);
        if (labelled)
        {
            var text = levelLabel.AsText() ?? "";
            given = PodSecurityStandard.TryParse(text, out level);
            if (!given)
            {
                level = whenBroken;
                errors.Add(FieldError.Invalid($"metadata.labels[{Prefix}{mode}]", text, "must be one of privileged, baseline, restricted"));
            }
        }
        if (labels.TryGetPropertyValue($"{Prefix}{mode}-version", out var versionLabel))
        {
            var text = versionLabel.AsText() ?? "";
            if (!PodSecurityVersion.TryParse(text, out version))
                errors.Add(FieldError.Invalid($"metadata.labels[{Prefix}{mode}-version]", text, "must be \"latest\" or \"v1.x\""));
        }
        return (new(level, version), given, labelled);
    }
}
