using System.Text.Json.Nodes;

namespace Pilothouse.Objects;

/// <summary>JSON merge patch (RFC 7396): objects merge, null deletes, everything else replaces.</summary>
public static class MergePatch
{
    /// <summary>Applies a patch; <paramref name="document"/> is edited, <paramref name="patch"/> is not.</summary>
    public static JsonNode? Apply(JsonNode? document, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return patch?.DeepClone();
        var target = document as JsonObject ?? [];
        var gone = new List<string>();
        foreach (var (name, change) in changes)
        {
            if (change is null)
                gone.Add(name);
            else if (change is JsonObject && target.TryGetPropertyValue(name, out var current) && current is JsonObject)
                Apply(current, change);
            else
                target[name] = Apply(null, change);
        }
        target.RemoveAll(gone);
        return target;
    }
}
