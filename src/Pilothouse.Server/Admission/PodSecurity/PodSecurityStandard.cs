namespace Pilothouse.Server.Admission;

/// <summary>A level in a version, <c>baseline:v1.30</c>.</summary>
internal readonly record struct PodSecurityStandard(PodSecurityLevel Level, PodSecurityVersion Version)
{
    public static PodSecurityStandard Privileged { get; } = new(PodSecurityLevel.Privileged, PodSecurityVersion.Latest);

    /// <summary>They ask the same: versions of privileged do not differ.</summary>
    public bool IsEquivalentTo(PodSecurityStandard other) =>
        this == other || (Level == PodSecurityLevel.Privileged && other.Level == PodSecurityLevel.Privileged);

    public override string ToString() => $"{Name(Level)}:{Version}";

    public static string Name(PodSecurityLevel level) => level switch
    {
        PodSecurityLevel.Privileged => "privileged",
        PodSecurityLevel.Baseline => "baseline",
        _ => "restricted",
    };

    public static bool TryParse(string text, out PodSecurityLevel level)
    {
        level = text switch
        {
            "privileged" => PodSecurityLevel.Privileged,
            "baseline" => PodSecurityLevel.Baseline,
            _ => PodSecurityLevel.Restricted,
        };
        return text is "privileged" or "baseline" or "restricted";
    }
}
