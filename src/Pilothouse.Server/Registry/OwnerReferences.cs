using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>Owner references that say the same twice: the second goes, with a warning.</summary>
internal static class OwnerReferences
{
    public static void Deduplicate(ObjectMetadata metadata, ICollection<string> warnings)
    {
        if (metadata.OwnerReferences is not { Count: > 1 } references)
            return;
        var seen = new List<JsonNode?>();
        var uids = new List<string>();
        for (var i = 0; i < references.Count; i++)
        {
            var reference = references[i];
            if (!seen.Exists(s => JsonNode.DeepEquals(s, reference)))
            {
                seen.Add(reference);
                continue;
            }
            if ((reference as JsonObject)?.Text("uid") is { } uid && !uids.Contains(uid))
                uids.Add(uid);
            references.RemoveAt(i--);
        }
        if (uids.Count > 0)
        {
            warnings.Add(
                ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject "
                + $"such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {string.Join(", ", uids)}");
        }
    }
}
