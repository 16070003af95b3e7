using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>
/// A collection of objects as the store has it: one key prefix, one version, one schema, one set of rules. It may be served in
/// several versions (<see cref="ServedResource"/>); caches, strategies and admission see it in this one.
/// </summary>
public sealed class StoredResource
{
    public required GroupResource Resource { get; init; }

    /// <summary>The kind and version in which values are written to the store.</summary>
    public required GroupVersionKind Kind { get; init; }

    public required bool Namespaced { get; init; }

    /// <summary>The schema of <see cref="Kind"/>.</summary>
    public required SchemaType Schema { get; init; }

    /// <summary>
    /// The keys' prefix, relative to the store's, with slashes at both ends: <c>/pods/</c>, <c>/services/specs/</c>. Empty when
    /// nothing is stored (TokenReview, Binding): such a resource has no cache.
    /// </summary>
    public required string KeyPrefix { get; init; }

    public bool IsVirtual => KeyPrefix.Length == 0;

    /// <summary>The fields kept beside the cached bytes for field selectors; metadata.name and metadata.namespace are not among them.</summary>
    public IReadOnlyList<SelectableField> SelectableFields { get; init; } = [];

    /// <summary>
    /// The versions of a custom resource, which is written and checked in the version of the request: each has a description of its
    /// own, and all share the collection. Null for built-in resources.
    /// </summary>
    public CustomVersions? Versions { get; init; }

    /// <summary>The collection, of which this is a custom resource's other version; itself otherwise.</summary>
    public StoredResource Collection { get => field ?? this; init; }

    /// <summary>The kind's own rules.</summary>
    public required ResourceStrategy Strategy { get; init; }

    /// <summary>The key of one object, <c>/pods/default/web-0</c>.</summary>
    public string Key(string @namespace, string name) =>
        Namespaced ? $"{KeyPrefix}{@namespace}/{name}" : KeyPrefix + name;

    /// <summary>The prefix of all keys in a namespace; all of the collection for the empty one.</summary>
    public string Prefix(string @namespace) => Namespaced && @namespace.Length > 0 ? $"{KeyPrefix}{@namespace}/" : KeyPrefix;

    public override string ToString() => Resource.ToString();
}
