using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The quality of service that a pod gets, from what it asks for and how far it is limited.</summary>
internal static class PodQuality
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static string Of(JsonObject spec)
    {
        var requests = new Dictionary<string, Quantity>();
        var limits = new Dictionary<string, Quantity>();
        var guaranteed = true;
        // Resources of the pod as a whole, where given, decide alone.
        IEnumerable<JsonObject?> all = spec.Object("resources") is { } whole && (whole.Object("requests") ?? whole.Object("limits")) is not null
            ? [whole]
            : spec.Objects("containers").Concat(spec.Objects("initContainers")).Select(c => c.Object("resources"));
        foreach (var resources in all)
        {
            Add(requests, resources.Object("requests"));
            guaranteed &= Add(limits, resources.Object("limits")) == Counted.Length;
        }
        if (requests.Count == 0 && limits.Count == 0)
            return "BestEffort";
        return guaranteed && requests.Count == limits.Count && requests.All(r => limits.GetValueOrDefault(r.Key) == r.Value)
            ? "Guaranteed"
            : "Burstable";
    }

    /// <summary>Adds what is above zero, and says of how many resources it was.</summary>
    private static int Add(Dictionary<string, Quantity> sums, JsonObject? quantities)
    {
        var found = 0;
        foreach (var name in Counted)
        {
            if (ResourceLists.Value(quantities?.Text(name)) is not { Sign: > 0 } value)
                continue;
            found++;
            sums[name] = sums.GetValueOrDefault(name) + value;
        }
        return found;
    }
}
