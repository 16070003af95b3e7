using Pilothouse.Schemas;

namespace Pilothouse.Server.Registry;

/// <summary>
/// Who owns the replicas, in the terms of the object and in those of its Scale, which is of another kind and version (upstream:
/// managedfields.ScaleHandler).
/// </summary>
internal static class ScaleOwnership
{
    private const string ScaleVersion = "autoscaling/v1";

    private static readonly FieldSet Replicas = FieldSet.OfFields(["spec", "replicas"]);

    /// <summary>The account of the Scale: those who own the object's replicas.</summary>
    public static ManagedFields OfScale(ManagedFields parent, string parentVersion) => new(
        [.. parent.Entries.Where(e => Owns(e, parentVersion)).Select(e => Of(e, ScaleVersion, e.Time, Replicas))]);

    /// <summary>The object's account after its Scale was written.</summary>
    /// <param name="parent">The account before.</param>
    /// <param name="scale">The Scale's account.</param>
    /// <param name="parentVersion">The version of the object in the request.</param>
    public static ManagedFields Merge(ManagedFields parent, ManagedFields scale, string parentVersion)
    {
        var left = scale.Entries.ToList();
        var entries = new List<ManagedFieldsEntry>(parent.Entries.Count + left.Count);
        foreach (var entry in parent.Entries)
        {
            if (!Owns(entry, parentVersion))
            {
                entries.Add(entry);
            }
            else if (left.FindIndex(e => IsOf(e, entry)) is var kept and >= 0)
            {
                // Nobody took it.
                entries.Add(entry);
                left.RemoveAt(kept);
            }
            else if (entry.Set.Difference(Replicas) is { IsEmpty: false } rest)
            {
                entries.Add(entry.With(rest));
            }
        }
        // When the replicas changed hands is not kept.
        entries.AddRange(left.Select(e => Of(e, parentVersion, "", Replicas)));
        return new(entries);
    }

    private static bool Owns(ManagedFieldsEntry entry, string version) => entry.ApiVersion == version && !entry.Set.Intersection(Replicas).IsEmpty;

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
