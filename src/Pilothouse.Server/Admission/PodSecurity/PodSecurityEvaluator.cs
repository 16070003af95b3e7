using System.Text.Json.Nodes;

namespace Pilothouse.Server.Admission;

/// <summary>All checks of a level in a version, in the order in which their findings are told.</summary>
internal static class PodSecurityEvaluator
{
    /// <summary>The last version in which a check changed: later ones, and the latest, are the same.</summary>
    private const int LastVersion = 36;

    private static readonly PodSecurityCheck[][] Baseline = [.. Enumerable.Range(0, LastVersion + 1).Select(v => Select(BaselineChecks.All, v))];
    private static readonly PodSecurityCheck[][] Restricted = [.. Enumerable.Range(0, LastVersion + 1).Select(SelectRestricted)];

    /// <summary>What the standard has against a pod; empty for nothing.</summary>
    public static List<PodSecurityResult> Evaluate(PodSecurityStandard standard, JsonObject metadata, JsonObject spec)
    {
        var results = new List<PodSecurityResult>();
        if (standard.Level == PodSecurityLevel.Privileged)
            return results;
        var version = Math.Min(standard.Version.Minor, LastVersion);
        foreach (var check in standard.Level == PodSecurityLevel.Baseline ? Baseline[version] : Restricted[version])
        {
            if (check.Evaluate(metadata, spec) is { } result)
                results.Add(result);
        }
        return results;
    }

    private static PodSecurityCheck[] Select(IEnumerable<PodSecurityCheck> checks, int version) =>
    [
        .. checks.Where(c => c.Since <= version).GroupBy(c => c.Id).Select(g => g.MaxBy(c => c.Since)!)
            .OrderBy(c => c.Id, StringComparer.Ordinal),
    ];

    private static PodSecurityCheck[] SelectRestricted(int version)
    {
        var restricted = Select(RestrictedChecks.All, version);
        return [.. Select(BaselineChecks.All, version).Where(b => restricted.All(r => r.Overrides != b.Id)), .. restricted];
    }
}
