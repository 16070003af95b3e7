namespace Pilothouse.Cel;

/// <summary>What an evaluation came to.</summary>
/// <param name="Value">The value, when there is no error.</param>
/// <param name="Error">What went wrong, in upstream's words; null when nothing did.</param>
/// <param name="Cost">What was spent, in upstream's units.</param>
/// <param name="CostExceeded">Whether the limit of cost ended it.</param>
public readonly record struct CelResult(CelValue Value, string? Error, ulong Cost, bool CostExceeded = false);
