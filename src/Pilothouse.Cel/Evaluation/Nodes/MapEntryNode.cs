namespace Pilothouse.Cel;

internal readonly record struct MapEntryNode(Node Key, Node Value, bool Optional);
