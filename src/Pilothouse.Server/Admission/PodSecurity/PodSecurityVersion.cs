using System.Globalization;

namespace Pilothouse.Server.Admission;

/// <summary>The Kubernetes minor version whose rules apply; the latest for <see cref="Latest"/>.</summary>
internal readonly record struct PodSecurityVersion(int Minor)
{
    public static PodSecurityVersion Latest { get; } = new(int.MaxValue);

    /// <summary>Reads <c>latest</c> or <c>v1.x</c>; false for anything else.</summary>
    public static bool TryParse(string text, out PodSecurityVersion version)
    {
        version = Latest;
        if (text == "latest")
            return true;
        if (!text.StartsWith("v1.", StringComparison.Ordinal) || (text.Length > 4 && text[3] == '0'))
            return false;
        if (!int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
            return false;
        version = new(minor);
        return true;
    }

    public override string ToString() => this == Latest ? "latest" : $"v1.{Minor}";
}
