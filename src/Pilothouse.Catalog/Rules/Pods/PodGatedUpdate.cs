using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Before a pod is given to the scheduler (KEP-3521), where it may run may become narrower.</summary>
internal static class PodGatedUpdate
{
    private const string Needed = "requiredDuringSchedulingIgnoredDuringExecution";

    /// <summary>Checks what changed of selector and node affinity, and makes both equal to the old ones in the copy.</summary>
    public static void AllowNarrowing(JsonObject rest, JsonObject old, FieldErrors errors)
    {
        var selector = rest.Object("nodeSelector");
        if (!TreeEquality.Same(selector, old["nodeSelector"]))
        {
            if (old.Object("nodeSelector")?.All(s => selector?.Text(s.Key) == s.Value.AsText()) == false)
            {
                errors.Invalid(FieldPath.Spec.Child("nodeSelector"), GoJsonText.ShowMap(selector),
                    "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
            }
            PodUpdateValidation.Put(rest, "nodeSelector", old["nodeSelector"]);
        }
        var (affinity, oldAffinity) = (rest.Object("affinity"), old.Object("affinity"));
        var (nodes, oldNodes) = (affinity.Object("nodeAffinity"), oldAffinity.Object("nodeAffinity"));
        if (TreeEquality.Same(nodes, oldNodes))
            return;
        ValidateAffinity(nodes, oldNodes, errors);
        if (affinity is null)
        {
            if (oldNodes is not null)
                rest["affinity"] = new JsonObject { ["nodeAffinity"] = oldNodes.DeepClone() };
        }
        else if (oldAffinity is null && !affinity.ContainsKey("podAffinity") && !affinity.ContainsKey("podAntiAffinity"))
        {
            rest.Remove("affinity");
        }
        else
        {
            PodUpdateValidation.Put(affinity, "nodeAffinity", oldNodes);
        }
    }

    private static void ValidateAffinity(JsonObject? nodes, JsonObject? old, FieldErrors errors)
    {
        var before = old.Object(Needed).List("nodeSelectorTerms");
        if (before is not { Count: > 0 })
            return;
        var path = FieldPath.Spec.Child("affinity", "nodeAffinity").Child(Needed, "nodeSelectorTerms");
        var terms = nodes.Object(Needed).List("nodeSelectorTerms");
        if ((terms?.Count ?? 0) != before.Count)
        {
            errors.Invalid(path, InternalForm.Show(terms, "NodeSelectorTerm"), "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }
        for (var i = 0; i < before.Count; i++)
        {
            if (!HasOnlyAdditions(terms![i] as JsonObject, before[i] as JsonObject))
                errors.Invalid(path.Index(i), InternalForm.Show(terms[i], "NodeSelectorTerm"), "only additions are allowed (no mutations or deletions)");
        }
    }

    private static bool HasOnlyAdditions(JsonObject? term, JsonObject? old)
    {
        var wasEmpty = Count(old, "matchExpressions") == 0 && Count(old, "matchFields") == 0;
        if (wasEmpty)
            return Count(term, "matchExpressions") == 0 && Count(term, "matchFields") == 0;
        return BeginsWith(term.List("matchExpressions"), old.List("matchExpressions")) && BeginsWith(term.List("matchFields"), old.List("matchFields"));
    }

    private static int Count(JsonObject? term, string list) => term.List(list)?.Count ?? 0;

    private static bool BeginsWith(JsonArray? list, JsonArray? start)
    {
        if ((list?.Count ?? 0) < (start?.Count ?? 0))
            return false;
        for (var i = 0; i < (start?.Count ?? 0); i++)
        {
            if (!TreeEquality.Same(list![i], start![i]))
                return false;
        }
        return true;
    }
}
