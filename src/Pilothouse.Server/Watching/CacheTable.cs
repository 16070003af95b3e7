using System.Collections.Frozen;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>The caches of everything that is served, by what they are asked for by. Immutable.</summary>
internal sealed class CacheTable
{
    private readonly FrozenDictionary<string, ResourceCache>.AlternateLookup<ReadOnlySpan<char>> _byPrefix;

    public CacheTable(IEnumerable<ResourceCache> caches)
    {
        All = [.. caches];
        ByResource = All.ToFrozenDictionary(c => c.Resource);
        ByName = All.ToFrozenDictionary(c => c.Resource.Resource);
        _byPrefix = All.ToFrozenDictionary(c => c.Resource.KeyPrefix).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static CacheTable Empty { get; } = new([]);

    public IReadOnlyList<ResourceCache> All { get; }

    public FrozenDictionary<StoredResource, ResourceCache> ByResource { get; }

    public FrozenDictionary<GroupResource, ResourceCache> ByName { get; }

    /// <summary>The cache that a key belongs to: by the longest prefix that is a resource's. Null for what is not served.</summary>
    public ResourceCache? Of(string key)
    {
        ResourceCache? found = null;
        for (var slash = key.IndexOf('/', 1); slash > 0; slash = key.IndexOf('/', slash + 1))
        {
            if (_byPrefix.TryGetValue(key.AsSpan(0, slash + 1), out var cache))
                found = cache;
        }
        return found;
    }
}
