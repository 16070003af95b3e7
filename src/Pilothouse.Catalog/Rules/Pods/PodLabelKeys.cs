using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// A pod that wants to be near pods with the same values of some labels as its own (KEP-3633), or spread among them
/// (KEP-3243), has those values in its selectors from its creation on.
/// </summary>
internal static class PodLabelKeys
{
    public static void MergeIntoSelectors(JsonObject spec, JsonObject? labels)
    {
        foreach (var field in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
        {
            var affinity = spec.Object("affinity").Object(field);
            foreach (var weighted in affinity.Objects("preferredDuringSchedulingIgnoredDuringExecution"))
                Merge(weighted.Object("podAffinityTerm"), labels);
            foreach (var term in affinity.Objects("requiredDuringSchedulingIgnoredDuringExecution"))
                Merge(term, labels);
        }
        foreach (var constraint in spec.Objects("topologySpreadConstraints"))
            Merge(constraint, labels);
    }

    private static void Merge(JsonObject? term, JsonObject? labels)
    {
        // No selector takes no pods, whatever their labels.
        if (term.Object("labelSelector") is not { } selector)
            return;
        Add(selector, term.List("matchLabelKeys"), "In", labels);
        Add(selector, term.List("mismatchLabelKeys"), "NotIn", labels);
    }

    private static void Add(JsonObject selector, JsonArray? keys, string operation, JsonObject? labels)
    {
        foreach (var node in keys ?? [])
        {
            var key = node.AsText() ?? "";
            if (labels?.ContainsKey(key) != true)
                continue;
            if (selector.List("matchExpressions") is not { } expressions)
                selector["matchExpressions"] = expressions = [];
            expressions.Add((JsonNode)new JsonObject
            {
                ["key"] = key,
                ["operator"] = operation,
                ["values"] = new JsonArray(labels.Text(key) ?? ""),
            });
        }
    }
}
