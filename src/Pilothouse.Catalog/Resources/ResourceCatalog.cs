using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// All that is served: an immutable snapshot. The built-in part is read from embedded data once; custom resources make a new
/// snapshot from the old one.
/// </summary>
public sealed class ResourceCatalog
{
    private readonly FrozenDictionary<GroupVersionResource, ServedResource> _byResource;

    public ResourceCatalog(IReadOnlyList<ApiGroup> groups, IReadOnlyList<ServedResource> served)
    {
        Groups = groups;
        Served = served;
        Stored = [.. served.Select(s => s.Stored).Distinct()];
        _byResource = served.ToFrozenDictionary(s => s.Resource);
    }

    /// <summary>The groups, in discovery order, the core group first.</summary>
    public IReadOnlyList<ApiGroup> Groups { get; }

    /// <summary>Every resource in every version that is served, in discovery order.</summary>
    public IReadOnlyList<ServedResource> Served { get; }

    /// <summary>Every collection that is kept in the store, each once, whatever versions serve it; virtual ones are among them.</summary>
    public IReadOnlyList<StoredResource> Stored { get; }

    public bool TryGet(GroupVersionResource resource, [MaybeNullWhen(false)] out ServedResource served) =>
        _byResource.TryGetValue(resource, out served);
}
