namespace Pilothouse.Cel;

/// <summary>What is known of a variable of a macro.</summary>
internal sealed record CostVariable(IReadOnlyList<string> Path, CelRange? Size, CostEntry? Entry);
