namespace Pilothouse.Cel;

internal readonly record struct FieldNode(string Name, Node Value, bool Optional);
