using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// A feature that nodes declare in their status, and which updates of a pod need it. Others matter to the scheduler alone, or are
/// about fields that never change.
/// </summary>
/// <param name="Name">The name of its gate, as nodes declare it.</param>
/// <param name="IsNeeded">Whether a change of a pod's specification, from the first to the second, needs it.</param>
internal sealed record NodeDeclaredFeature(string Name, Func<JsonObject, JsonObject, bool> IsNeeded)
{
    /// <summary>Those that updates can need, by name: refusals name them in this order.</summary>
    public static IReadOnlyList<NodeDeclaredFeature> OfUpdates { get; } =
    [
        new("InPlacePodLevelResourcesVerticalScaling", IsPodResized),
        new("InPlacePodVerticalScalingInitContainers", IsInitContainerResized),
    ];

    private static bool IsPodResized(JsonObject old, JsonObject spec)
    {
        var (before, now) = (old.Object("resources"), spec.Object("resources"));
        // A pod whose resources are empty has some; one without has none.
        return before is null != now is null || !TreeEquality.Same(before, now);
    }

    /// <summary>Sidecars are resized as containers are. Validation has seen to it that the same init containers are there.</summary>
    private static bool IsInitContainerResized(JsonObject old, JsonObject spec) =>
        old.Objects("initContainers").Zip(spec.Objects("initContainers")).Any(
            c => !PodResources.IsSidecar(c.First) && !TreeEquality.Same(c.First["resources"], c.Second["resources"]));
}
