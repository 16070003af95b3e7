namespace Pilothouse.Server.Admission;

/// <summary>What one check has against a pod.</summary>
/// <param name="Reason">In a word or two, the same for pods alike.</param>
/// <param name="Detail">Which containers and values.</param>
internal sealed record PodSecurityResult(string Reason, string Detail)
{
    /// <summary>Everything in one line, with details.</summary>
    public static string Details(IEnumerable<PodSecurityResult> results) =>
        string.Join(", ", results.Select(r => r.Detail.Length == 0 ? r.Reason : $"{r.Reason} ({r.Detail})"));

    /// <summary>The reasons alone: what pods alike have in common.</summary>
    public static string Reasons(IEnumerable<PodSecurityResult> results) => string.Join(", ", results.Select(r => r.Reason));
}
