namespace Pilothouse.Server.Admission;

/// <summary>How strict a Pod Security Standard is, in order.</summary>
internal enum PodSecurityLevel
{
    Privileged,
    Baseline,
    Restricted,
}
