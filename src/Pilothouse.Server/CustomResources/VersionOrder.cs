using System.Globalization;

namespace Pilothouse.Server.CustomResources;

/// <summary>
/// Versions by how far they are: v2 before v1 before v1beta2 before v1alpha1; others behind them, by name (apimachinery's
/// CompareKubeAwareVersionStrings).
/// </summary>
internal sealed class VersionOrder : IComparer<string>
{
    /// <summary>The most stable and newest first.</summary>
    public static VersionOrder NewestFirst { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Parse(x!), Parse(y!));
        if (left is null || right is null)
            return left is null && right is null ? string.CompareOrdinal(x, y) : left is null ? 1 : -1;
        var (major, stage, minor) = left.Value;
        var (otherMajor, otherStage, otherMinor) = right.Value;
        if (stage != otherStage)
            return otherStage.CompareTo(stage);
        return major != otherMajor ? otherMajor.CompareTo(major) : otherMinor.CompareTo(minor);
    }

    /// <summary>v, a number, and perhaps alpha or beta and a number; null for what is none of these.</summary>
    private static (long Major, int Stage, long Minor)? Parse(string version)
    {
        if (!version.StartsWith('v'))
            return null;
        var rest = version.AsSpan(1);
        var (stage, at) = rest.IndexOf("alpha") is var alpha and > 0 ? (0, alpha)
            : rest.IndexOf("beta") is var beta and > 0 ? (1, beta)
            : (2, rest.Length);
        if (!TryNumber(rest[..at], out var major))
            return null;
        if (stage == 2)
            return (major, stage, 0);
        return TryNumber(rest[(at + (stage == 0 ? "alpha" : "beta").Length)..], out var minor) ? (major, stage, minor) : null;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        return !text.IsEmpty && text[0] != '0' && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
