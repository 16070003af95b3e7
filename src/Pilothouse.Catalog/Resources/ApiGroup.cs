namespace Pilothouse.Catalog;

/// <summary>An API group with the versions that are served.</summary>
/// <param name="Name">Empty for the core group.</param>
/// <param name="Versions">Served versions, the preferred one first.</param>
public sealed record ApiGroup(string Name, IReadOnlyList<string> Versions)
{
    /// <summary>There are custom resources in it, and no built-in ones.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Where discovery and APIService objects sort the group: higher comes first.</summary>
    public int GroupPriority { get; init; }

    /// <summary>The versions' priorities, beside <see cref="Versions"/>.</summary>
    public IReadOnlyList<int> VersionPriorities { get; init; } = [];
}
