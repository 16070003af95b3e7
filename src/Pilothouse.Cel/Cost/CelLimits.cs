namespace Pilothouse.Cel;

/// <summary>Kubernetes' limits on what expressions may cost (k8s.io/apiserver/pkg/apis/cel).</summary>
public static class CelLimits
{
    /// <summary>One evaluation.</summary>
    public const ulong PerCall = 1_000_000;

    /// <summary>All expressions of one policy binding, or of one custom resource.</summary>
    public const ulong RuntimeBudget = 10_000_000;

    /// <summary>All match conditions of one webhook or policy binding.</summary>
    public const ulong MatchConditionsBudget = 2_500_000;

    /// <summary>The longest message that an expression may make, in bytes.</summary>
    public const int LongestMessage = 5 * 1024;
}
