using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>A part of an object with a path of its own: status, scale, binding, eviction, log …</summary>
/// <param name="Name">The path segment, <c>status</c>.</param>
/// <param name="Kind">The kind that it speaks, <c>autoscaling/v1 Scale</c>.</param>
/// <param name="Verbs">Verbs, as discovery prints them.</param>
/// <param name="Schema">The schema of <paramref name="Kind"/>; null when it has no body of its own.</param>
public sealed record ServedSubresource(string Name, GroupVersionKind Kind, IReadOnlyList<string> Verbs, SchemaType? Schema)
{
    /// <summary>Discovery prints group and version only where they differ from the parent's.</summary>
    public bool NamesItsGroupVersion { get; init; }
}
