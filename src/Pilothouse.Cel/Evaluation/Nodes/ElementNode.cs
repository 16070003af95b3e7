namespace Pilothouse.Cel;

internal readonly record struct ElementNode(Node Value, bool Optional);
