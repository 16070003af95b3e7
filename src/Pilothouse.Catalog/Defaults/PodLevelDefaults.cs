using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Resources of a pod as a whole (KEP-2837): what its containers ask for, and what it limits, become its requests.</summary>
internal static class PodLevelDefaults
{
    private const string HugePages = "hugepages-";

    public static void Fill(JsonObject spec)
    {
        if (spec.Object("resources") is not { } resources)
            return;
        var limits = resources.Object("limits");
        var requests = resources.Object("requests");
        if (limits is not { Count: > 0 } && requests is not { Count: > 0 })
            return;
        // Huge pages cannot be overcommitted: what the containers may use is what the pod may use.
        foreach (var (name, sum) in Sum(spec, "limits"))
        {
            if (name.StartsWith(HugePages, StringComparison.Ordinal) && limits?.ContainsKey(name) != true && requests?.ContainsKey(name) != true)
                resources.ObjectOrNew("limits")[name] = sum.ToString();
        }
        if (resources.Object("limits") is not { Count: > 0 } all)
            return;
        var wanted = resources.ObjectOrNew("requests");
        foreach (var (name, sum) in Sum(spec, "requests"))
        {
            if (name is "cpu" or "memory" && !wanted.ContainsKey(name))
                wanted[name] = sum.ToString();
        }
        foreach (var (name, limit) in all)
        {
            if ((name is "cpu" or "memory" || name.StartsWith(HugePages, StringComparison.Ordinal)) && !wanted.ContainsKey(name))
                wanted[name] = limit?.DeepClone();
        }
        if (wanted.Count == 0)
            resources.Remove("requests");
    }

    /// <summary>
    /// What the containers need together: the sum of those that run all the time, or what the most demanding of those before
    /// them needs, whichever is more.
    /// </summary>
    public static SortedDictionary<string, Quantity> Sum(JsonObject spec, string field)
    {
        var sums = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in spec.Objects("containers"))
            Add(sums, container, field);
        var started = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        var highest = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in spec.Objects("initContainers"))
        {
            var now = new SortedDictionary<string, Quantity>(started, StringComparer.Ordinal);
            Add(now, container, field);
            // A sidecar starts with the others and stays.
            if (container.Text("restartPolicy") == "Always")
            {
                Add(sums, container, field);
                started = now;
            }
            Raise(highest, now);
        }
        Raise(sums, highest);
        return sums;
    }

    private static void Add(SortedDictionary<string, Quantity> sums, JsonObject container, string field)
    {
        foreach (var (name, value) in container.Object("resources").Object(field) ?? [])
        {
            if (ResourceLists.Value(value.AsText()) is { } quantity)
                sums[name] = sums.TryGetValue(name, out var sum) ? sum + quantity : quantity;
        }
    }

    private static void Raise(SortedDictionary<string, Quantity> target, SortedDictionary<string, Quantity> values)
    {
        foreach (var (name, value) in values)
        {
            if (!target.TryGetValue(name, out var sum) || sum < value)
                target[name] = value;
        }
    }
}
