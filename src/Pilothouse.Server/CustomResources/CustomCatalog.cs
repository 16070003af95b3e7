using Pilothouse.Catalog;

namespace Pilothouse.Server.CustomResources;

/// <summary>A snapshot of everything that is served: the built-in resources, and behind them the custom ones.</summary>
internal static class CustomCatalog
{
    private const int GroupPriority = 1000;
    private const int VersionPriority = 100;

    public static ResourceCatalog With(ResourceCatalog builtIn, IReadOnlyCollection<CustomResource> customs)
    {
        if (customs.Count == 0)
            return builtIn;
        var groups = builtIn.Groups.ToList();
        var served = builtIn.Served.ToList();
        foreach (var group in customs.GroupBy(c => c.Group).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var at = groups.FindIndex(g => g.Name == group.Key);
            IReadOnlyList<string> known = at < 0 ? [] : groups[at].Versions;
            var added = group.SelectMany(c => c.Served).Where(s => !known.Contains(s.Resource.Version)).ToList();
            var versions = added.Select(s => s.Resource.Version).Distinct().Order(VersionOrder.NewestFirst).ToList();
            if (versions.Count == 0)
                continue;
            var made = new ApiGroup(group.Key, [.. known, .. versions])
            {
                IsCustom = at < 0,
                GroupPriority = at < 0 ? GroupPriority : groups[at].GroupPriority,
                VersionPriorities = [.. at < 0 ? [] : groups[at].VersionPriorities, .. versions.Select(_ => VersionPriority)],
            };
            if (at < 0)
                groups.Add(made);
            else
                groups[at] = made;
            foreach (var version in versions)
                served.AddRange(added.Where(s => s.Resource.Version == version).OrderBy(s => s.Resource.Resource, StringComparer.Ordinal));
        }
        return new(groups, served);
    }
}
