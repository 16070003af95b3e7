namespace Pilothouse.Cel;

/// <summary>What a call cost, from its arguments and what it gave.</summary>
internal delegate ulong CallCost(ReadOnlySpan<CelValue> args, in CelValue result);
