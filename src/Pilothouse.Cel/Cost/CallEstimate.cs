namespace Pilothouse.Cel;

/// <summary>What a call may cost, without its arguments, and how large its result may be.</summary>
internal readonly record struct CallEstimate(CelRange Cost, CelRange? Size = null);
