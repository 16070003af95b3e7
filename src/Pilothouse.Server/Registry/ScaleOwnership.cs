using Pilothouse.Catalog;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Registry;

/// <summary>
/// Who owns the replicas, in the terms of the object and in those of its Scale, which is of another kind and version (upstream:
/// managedfields.ScaleHandler).
/// </summary>
internal static class ScaleOwnership
{
    private const string ScaleVersion = "autoscaling/v1";

    private static readonly FieldSet s_usual = FieldSet.OfFields(["spec", "replicas"]);

    /// <summary>Where an object of a resource says how many there should be.</summary>
    private static FieldSet ReplicasOf(ServedResource resource) =>
        resource.Scale is { } paths ? FieldSet.OfFields(ScalePaths.Steps(paths.SpecReplicas)) : s_usual;

    /// <summary>The account of the Scale: those who own the object's replicas.</summary>
    /// <param name="parent">The object's account.</param>
    /// <param name="resource">The resource, in the version of the request.</param>
    public static ManagedFields OfScale(ManagedFields parent, ServedResource resource)
    {
        var replicas = ReplicasOf(resource);
        return new([.. parent.Entries.Where(e => Owns(e, resource, replicas)).Select(e => Of(e, ScaleVersion, e.Time, s_usual))]);
    }

    /// <summary>The object's account after its Scale was written.</summary>
    /// <param name="parent">The account before.</param>
    /// <param name="scale">The Scale's account.</param>
    /// <param name="resource">The resource, in the version of the request.</param>
    public static ManagedFields Merge(ManagedFields parent, ManagedFields scale, ServedResource resource)
    {
        var replicas = ReplicasOf(resource);
        var left = scale.Entries.ToList();
        var entries = new List<ManagedFieldsEntry>(parent.Entries.Count + left.Count);
        foreach (var entry in parent.Entries)
        {
            if (!Owns(entry, resource, replicas))
            {
                entries.Add(entry);
            }
            else if (left.FindIndex(e => IsOf(e, entry)) is var kept and >= 0)
            {
                // Nobody took it.
                entries.Add(entry);
                left.RemoveAt(kept);
            }
            else if (entry.Set.Difference(replicas) is { IsEmpty: false } rest)
            {
                entries.Add(entry.With(rest));
            }
        }
        // When the replicas changed hands is not kept.
        entries.AddRange(left.Select(e => Of(e, resource.Kind.ApiVersion, "", replicas)));
        return new(entries);
    }

    private static bool Owns(ManagedFieldsEntry entry, ServedResource resource, FieldSet replicas) =>
        entry.ApiVersion == resource.Kind.ApiVersion && !entry.Set.Intersection(replicas).IsEmpty;

    private static bool IsOf(ManagedFieldsEntry left, ManagedFieldsEntry right) =>
        left.Manager == right.Manager && left.Applied == right.Applied && left.Subresource == right.Subresource;

    private static ManagedFieldsEntry Of(ManagedFieldsEntry entry, string version, string time, FieldSet set) => new()
    {
        Manager = entry.Manager,
        Applied = entry.Applied,
        ApiVersion = version,
        Subresource = entry.Subresource,
        Time = time,
        Set = set,
    };
}
