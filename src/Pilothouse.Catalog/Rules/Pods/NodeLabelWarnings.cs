using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a pod wants of nodes by labels that have newer names, wherever it asks for them.</summary>
internal static class NodeLabelWarnings
{
    public static void Collect(JsonObject spec, FieldPath path, ICollection<string> warnings)
    {
        foreach (var (label, _) in spec.Object("nodeSelector") ?? [])
        {
            if (NodeLabels.MessageFor(label) is { } note)
                warnings.Add($"{path.Child("nodeSelector").Key(label)}: {note}");
        }
        if (spec.Object("affinity").Object("nodeAffinity") is { } affinity)
        {
            var at = path.Child("affinity", "nodeAffinity");
            const string Needed = "requiredDuringSchedulingIgnoredDuringExecution";
            const string Wanted = "preferredDuringSchedulingIgnoredDuringExecution";
            var terms = affinity.Object(Needed).List("nodeSelectorTerms");
            for (var i = 0; i < (terms?.Count ?? 0); i++)
                NodeLabels.WarnOfExpressions(terms![i] as JsonObject, at.Child(Needed, "nodeSelectorTerms").Index(i).ToString(), warnings);
            var wishes = affinity.List(Wanted);
            for (var i = 0; i < (wishes?.Count ?? 0); i++)
                NodeLabels.WarnOfExpressions(
                    (wishes![i] as JsonObject).Object("preference"), at.Child(Wanted).Index(i).Child("preference").ToString(), warnings, checkValues: true);
        }
        var constraints = spec.List("topologySpreadConstraints");
        for (var i = 0; i < (constraints?.Count ?? 0); i++)
        {
            var constraint = constraints![i] as JsonObject ?? [];
            var at = path.Child("topologySpreadConstraints").Index(i);
            if (constraint.Text("topologyKey") is { } key && NodeLabels.MessageFor(key) is { } note)
                warnings.Add($"{at.Child("topologyKey")}: {key} is {note}");
            if (constraint.Object("labelSelector") is null)
                warnings.Add($"{at.Child("labelSelector")}: a null labelSelector results in matching no pod");
        }
    }
}
