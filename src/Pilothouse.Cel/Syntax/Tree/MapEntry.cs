namespace Pilothouse.Cel;

internal readonly record struct MapEntry(Expr Key, Expr Value, bool Optional);
