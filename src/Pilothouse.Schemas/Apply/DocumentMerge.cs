using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>
/// Merges a document into an object: nothing is removed, and of what both have, the document's counts. A list's elements keep
/// the object's order where the document says nothing of it, and follow the document where it does.
/// </summary>
internal static class DocumentMerge
{
    /// <summary>Merges.</summary>
    /// <param name="into">The object; edited.</param>
    /// <param name="document">What is applied; not edited.</param>
    /// <param name="type">The type of both.</param>
    public static void Merge(JsonObject into, JsonObject document, SchemaType type) => MergeMap(into, document, new(type));

    /// <summary>The merged value. It may be the old node itself, edited; the caller puts it where it belongs.</summary>
    private static JsonNode? Merged(JsonNode? old, JsonNode? document, ApplyType type)
    {
        switch (type.Form)
        {
            case MergeForm.Map when !type.IsAtomic:
            case MergeForm.Deduced when document is JsonObject or null && old is JsonObject:
                // Null says nothing where there is something; an empty map and null are told apart where there is nothing.
                if (document is not JsonObject { Count: > 0 } fields)
                    return old is JsonObject { Count: > 0 } ? old : document?.DeepClone();
                var map = old as JsonObject ?? [];
                MergeMap(map, fields, type);
                return map.Count == 0 ? null : map;
            case MergeForm.List when !type.IsAtomic:
                if (document is not JsonArray { Count: > 0 } items)
                    return old is JsonArray { Count: > 0 } ? old : document?.DeepClone();
                return MergeList(old as JsonArray ?? [], items, type);
            default:
                return document?.DeepClone();
        }
    }

    private static void MergeMap(JsonObject into, JsonObject document, ApplyType type)
    {
        foreach (var (key, value) in document)
        {
            if (!type.TryGetField(key, out var below))
            {
                if (type.Entry is not { } entry)
                    continue;
                below = entry;
            }
            into.TryGetPropertyValue(key, out var old);
            var merged = Merged(old, value, below);
            if (merged is null || !ReferenceEquals(merged, old))
                into[key] = merged;
        }
    }

    private static JsonArray MergeList(JsonArray old, JsonArray document, ApplyType type)
    {
        var item = type.Item!.Value;
        var (left, leftByName) = Index(old, type);
        var (right, rightByName) = Index(document, type);

        // The elements that both have, in the document's order: an element of the object waits until its turn has come.
        var shared = new Queue<PathElement>(right.Where(r => leftByName.ContainsKey(r.Element)).Select(r => r.Element));
        var next = shared.Count > 0 ? shared.Dequeue() : null;
        var done = new HashSet<PathElement>();
        var merged = new List<JsonNode?>(left.Count + right.Count);
        old.Clear();

        int l = 0, r = 0;
        while (l < left.Count || r < right.Count)
        {
            if (l < left.Count && r < right.Count)
            {
                var element = left[l].Element;
                if (element == right[r].Element)
                {
                    Take(element);
                    next = shared.Count > 0 ? shared.Dequeue() : null;
                    l++;
                    r++;
                    continue;
                }
                if (rightByName.ContainsKey(element) && next is not null && next != element)
                {
                    l++;
                    continue;
                }
            }
            if (l < left.Count)
            {
                var element = left[l].Element;
                if (!rightByName.ContainsKey(element))
                {
                    merged.Add(left[l].Item);
                    l++;
                    continue;
                }
                if (done.Contains(element))
                    l++;
            }
            if (r < right.Count)
            {
                var element = right[r].Element;
                Take(element);
                r++;
                if (next == element)
                    next = shared.Count > 0 ? shared.Dequeue() : null;
            }
        }
        foreach (var node in merged)
            old.Add(node);
        return old;

        void Take(PathElement element)
        {
            done.Add(element);
            // Of elements that stand there more than once, none is merged with.
            var mine = leftByName.TryGetValue(element, out var found) && found.Count == 1 ? found.Node : null;
            merged.Add(Merged(mine, rightByName[element].Node, item));
        }
    }

    private static (List<(PathElement Element, JsonNode? Item)> InOrder, Dictionary<PathElement, (JsonNode? Node, int Count)> ByName) Index(
        JsonArray list, ApplyType type)
    {
        var inOrder = new List<(PathElement, JsonNode?)>(list.Count);
        var byName = new Dictionary<PathElement, (JsonNode? Node, int Count)>(list.Count);
        foreach (var item in list)
        {
            if (type.ElementOf(item, TreeForm.Plain, out _) is not { } element)
                continue;
            inOrder.Add((element, item));
            byName[element] = byName.TryGetValue(element, out var first) ? (first.Node, first.Count + 1) : (item, 1);
        }
        return (inOrder, byName);
    }
}
