using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a write of a pod's status may not lose, though clients older than the fields leave it out.</summary>
internal static class PodStatusRules
{
    public static void KeepWhatOldClientsDrop(JsonObject status, JsonObject before)
    {
        Keep(status, before, "qosClass");
        Keep(status, before, "observedGeneration");
        // A type may stand there several times: they are matched in order.
        var known = before.Objects("conditions").GroupBy(c => c.Text("type") ?? "").ToDictionary(g => g.Key, g => new Queue<JsonObject>(g));
        foreach (var condition in status.Objects("conditions"))
        {
            if (known.TryGetValue(condition.Text("type") ?? "", out var queue) && queue.TryDequeue(out var old))
                Keep(condition, old, "observedGeneration");
        }
    }

    private static void Keep(JsonObject target, JsonObject source, string name)
    {
        if (!target.ContainsKey(name) && source[name] is { } value)
            target[name] = value.DeepClone();
    }
}
