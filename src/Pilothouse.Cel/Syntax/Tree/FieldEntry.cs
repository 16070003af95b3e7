namespace Pilothouse.Cel;

internal readonly record struct FieldEntry(int Offset, string Name, Expr Value, bool Optional);
