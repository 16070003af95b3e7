namespace Pilothouse.Server.Authorization.Node;

/// <summary>Something in a namespace that pods refer to.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Namespace">The pods' namespace.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct NodeObject(NodeObjectKind Kind, string Namespace, string Name);
