namespace Pilothouse.Cel;

/// <summary>An element, entry or field value, and whether a question mark makes it optional.</summary>
internal readonly record struct Element(Expr Value, bool Optional);
