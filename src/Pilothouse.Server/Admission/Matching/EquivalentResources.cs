using System.Runtime.CompilerServices;
using Pilothouse.Catalog;

namespace Pilothouse.Server.Admission;

/// <summary>
/// Which served resources are one and the same behind different groups and versions: those that share what is stored
/// (<c>matchPolicy: Equivalent</c>).
/// </summary>
public static class EquivalentResources
{
    // A catalog is an immutable snapshot; its table lives as long as it does.
    private static readonly ConditionalWeakTable<ResourceCatalog, ILookup<StoredResource, ServedResource>> Tables = [];

    /// <summary>The other ways to name a resource; none for most.</summary>
    public static IEnumerable<ServedResource> Of(ResourceCatalog catalog, ServedResource resource) =>
        Tables.GetValue(catalog, static c => c.Served.ToLookup(s => s.Stored.Collection))[resource.Stored.Collection].Where(s => s != resource);
}
