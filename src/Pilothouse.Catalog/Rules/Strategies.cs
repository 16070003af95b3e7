using System.Collections.Frozen;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The table of kinds that have rules of their own.</summary>
public static class Strategies
{
    private static readonly ResourceStrategy Default = new();

    private static readonly FrozenDictionary<GroupResource, ResourceStrategy> ByResource =
        new Dictionary<GroupResource, ResourceStrategy>().ToFrozenDictionary();

    /// <summary>The rules of a built-in resource; those that are common to all where it has none of its own.</summary>
    public static ResourceStrategy For(GroupResource resource) => ByResource.GetValueOrDefault(resource, Default);
}
