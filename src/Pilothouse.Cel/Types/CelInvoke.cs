namespace Pilothouse.Cel;

/// <summary>Carries out a call. The arguments are no errors; a receiver comes first.</summary>
internal delegate CelValue CelInvoke(Evaluation evaluation, ReadOnlySpan<CelValue> args);
