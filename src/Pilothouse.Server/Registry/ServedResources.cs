using Pilothouse.Catalog;

namespace Pilothouse.Server.Registry;

/// <summary>
/// What is served now: the built-in resources, and the custom ones whose definitions are established. Readers take the snapshot
/// once a request; it never changes, and is replaced whole when a definition does.
/// </summary>
public sealed class ServedResources(ResourceCatalog builtIn)
{
    private volatile ResourceCatalog _current = builtIn;

    /// <summary>What is served whatever happens.</summary>
    public ResourceCatalog BuiltIn { get; } = builtIn;

    /// <summary>The newest snapshot.</summary>
    public ResourceCatalog Current => _current;

    /// <summary>Replaces the snapshot; there is one who does.</summary>
    internal void Publish(ResourceCatalog next) => _current = next;
}
