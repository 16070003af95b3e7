using System.Text.Json.Nodes;

namespace Pilothouse.Catalog;

/// <summary>
/// Whether two trees mean the same object (apimachinery's Semantic.DeepEqual): what is empty is the same as what is absent.
/// </summary>
public static class TreeEquality
{
    public static bool Same(JsonNode? left, JsonNode? right)
    {
        if (ReferenceEquals(left, right))
            return true;
        switch (left, right)
        {
            case (JsonObject or null, JsonObject or null):
                return Covers(left as JsonObject, right as JsonObject) && Missing(right as JsonObject, left as JsonObject);
            case (JsonArray or null, JsonArray or null):
                var (first, second) = (left as JsonArray, right as JsonArray);
                if ((first?.Count ?? 0) != (second?.Count ?? 0))
                    return false;
                for (var i = 0; i < (first?.Count ?? 0); i++)
                {
                    if (!Same(first![i], second![i]))
                        return false;
                }
                return true;
            default:
                return JsonNode.DeepEquals(left, right);
        }
    }

    /// <summary>Everything in the first is the same in the second.</summary>
    private static bool Covers(JsonObject? first, JsonObject? second)
    {
        for (var i = 0; i < (first?.Count ?? 0); i++)
        {
            var (name, value) = first!.GetAt(i);
            JsonNode? other = null;
            second?.TryGetPropertyValue(name, out other);
            if (!Same(value, other))
                return false;
        }
        return true;
    }

    /// <summary>What the first has and the second has not is empty.</summary>
    private static bool Missing(JsonObject? first, JsonObject? second)
    {
        for (var i = 0; i < (first?.Count ?? 0); i++)
        {
            var (name, value) = first!.GetAt(i);
            if (second?.ContainsKey(name) != true && !Same(value, null))
                return false;
        }
        return true;
    }
}
