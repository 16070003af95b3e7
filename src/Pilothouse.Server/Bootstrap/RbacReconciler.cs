using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Rbac;

namespace Pilothouse.Server.Bootstrap;

/// <summary>
/// Gives the roles and bindings that every cluster begins with back what they lost, at start, so that a new version of the server
/// finds what it needs: labels, annotations, rules, subjects. What somebody added stays, and what is annotated with
/// <c>rbac.authorization.kubernetes.io/autoupdate: "false"</c> is left alone.
/// </summary>
internal static class RbacReconciler
{
    private const string AutoUpdate = "rbac.authorization.kubernetes.io/autoupdate";

    public static async Task ReconcileAsync(ServerWriter writer, GroupResource resource, JsonObject expected, CancellationToken cancellationToken)
    {
        var metadata = ObjectMetadata.Of(expected);
        if (writer.Peek(resource, metadata.Namespace, metadata.Name) is not { } existing)
            return;
        if (!IsProtected(existing) && expected["roleRef"] is { } role && !TreeEquality.Same(existing["roleRef"], role))
        {
            // A binding's role cannot change: it is made anew.
            await writer.DeleteAsync(resource, metadata.Namespace, metadata.Name, cancellationToken);
            expected.Object("metadata")!.Remove("uid");
            await writer.CreateAsync(resource, expected, cancellationToken);
            return;
        }
        if (Restore(existing, expected))
            await writer.UpdateAsync(resource, metadata.Namespace, metadata.Name, tree => Restore(tree, expected), cancellationToken);
    }

    /// <summary>Edits what is there; false when nothing was missing.</summary>
    internal static bool Restore(JsonObject existing, JsonObject expected)
    {
        if (IsProtected(existing))
            return false;
        var metadata = ObjectMetadata.Of(existing).Json;
        var edited = AddMissing(metadata, expected.Object("metadata"), "labels");
        edited |= AddMissing(metadata, expected.Object("metadata"), "annotations");

        var missing = RuleCoverage.Missing(PolicyRules.Of(existing), PolicyRules.Of(expected));
        edited |= Append(existing, "rules", missing.Select(PolicyRules.ToJson));
        var subjects = expected.Objects("subjects")
            .Where(s => !existing.Objects("subjects").Any(e => TreeEquality.Same(e, s))).Select(s => (JsonObject)s.DeepClone()).ToList();
        edited |= Append(existing, "subjects", subjects);
        return edited | RestoreAggregation(existing, expected.Object("aggregationRule"));
    }

    private static bool RestoreAggregation(JsonObject existing, JsonObject? expected)
    {
        if (expected is null)
            return existing.Remove("aggregationRule");
        var missing = expected.Objects("clusterRoleSelectors")
            .Where(s => !existing.Object("aggregationRule").Objects("clusterRoleSelectors").Any(e => TreeEquality.Same(e, s)))
            .Select(s => (JsonObject)s.DeepClone()).ToList();
        return missing.Count > 0 && Append(existing.ObjectOrNew("aggregationRule"), "clusterRoleSelectors", missing);
    }

    private static bool IsProtected(JsonObject existing) => existing.Object("metadata").Object("annotations")?.Text(AutoUpdate) == "false";

    private static bool AddMissing(JsonObject metadata, JsonObject? expected, string map)
    {
        var edited = false;
        foreach (var (key, value) in expected.Object(map) ?? [])
        {
            if (metadata.Object(map)?.ContainsKey(key) == true)
                continue;
            metadata.ObjectOrNew(map)[key] = value?.DeepClone();
            edited = true;
        }
        return edited;
    }

    private static bool Append(JsonObject obj, string list, IEnumerable<JsonObject> items)
    {
        var edited = false;
        foreach (var item in items)
        {
            if (obj.List(list) is not { } existing)
                obj[list] = existing = [];
            existing.Add((JsonNode)item);
            edited = true;
        }
        return edited;
    }
}
