using System.Collections.Frozen;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The table of built-in resources that are served in another version than the stored one.</summary>
public static class VersionConverters
{
    private static readonly FrozenDictionary<GroupVersionResource, IVersionConverter> ByResource =
        new Dictionary<GroupVersionResource, IVersionConverter>
        {
            [new("autoscaling", "v1", "horizontalpodautoscalers")] = new AutoscalerConverter(),
            [new("events.k8s.io", "v1", "events")] = new EventConverter(),
        }.ToFrozenDictionary();

    /// <summary>Between a served version and the stored one; null when it is the stored one.</summary>
    public static IVersionConverter? For(GroupVersionResource served) => ByResource.GetValueOrDefault(served);
}
