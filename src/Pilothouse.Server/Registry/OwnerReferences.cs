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
        var seen = new HashSet<(string?, string?, string?, string?, bool?, bool?)>();
        var uids = new OrderedDictionary<string, bool>();
        references.RemoveAll(reference =>
        {
            if (reference is not JsonObject owner || seen.Add(Said(owner)))
                return false;
            uids.TryAdd(owner.Text("uid") ?? "", true);
            return true;
        });
        if (uids.Count > 0)
        {
            warnings.Add(
                ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject "
                + $"such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {string.Join(", ", uids.Keys)}");
        }
    }

    private static (string?, string?, string?, string?, bool?, bool?) Said(JsonObject owner) =>
        (owner.Text("apiVersion"), owner.Text("kind"), owner.Text("name"), owner.Text("uid"), owner.Flag("controller"), owner.Flag("blockOwnerDeletion"));
}
