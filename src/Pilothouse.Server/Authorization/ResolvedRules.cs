namespace Pilothouse.Server.Authorization;

/// <summary>What somebody may do, as one authorizer knows it.</summary>
public sealed record ResolvedRules
{
    public static ResolvedRules None { get; } = new();

    /// <summary>Rules on resources and on paths; one rule may be both.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; init; } = [];

    /// <summary>There may be more than the rules say.</summary>
    public bool Incomplete { get; init; }

    /// <summary>What could not be resolved; each is one error.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}
