using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Reads other objects, as the caches have them, in their stored version.</summary>
public interface IObjectReader
{
    /// <summary>The object's JSON; null when the cache has none.</summary>
    ReadOnlyMemory<byte>? Find(GroupResource resource, string @namespace, string name);

    /// <summary>The JSON of all objects in a namespace (of all, for the empty one), sorted by key.</summary>
    IEnumerable<ReadOnlyMemory<byte>> List(GroupResource resource, string @namespace);

    /// <summary>
    /// Returns when everything that was written before the call can be read here. For whoever did not find what a client may
    /// have made a moment ago; it costs a round trip to the store.
    /// </summary>
    ValueTask WaitForLatestAsync(CancellationToken cancellationToken) => default;
}
