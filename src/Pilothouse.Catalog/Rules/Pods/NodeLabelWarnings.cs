using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Labels of nodes that have newer names, wherever they are asked for.</summary>
internal static class NodeLabelWarnings
{
    private static readonly FrozenDictionary<string, string> Notes = new Dictionary<string, string>
    {
        ["beta.kubernetes.io/arch"] = "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        ["beta.kubernetes.io/os"] = "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        ["failure-domain.beta.kubernetes.io/region"] = "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
        ["failure-domain.beta.kubernetes.io/zone"] = "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
        ["beta.kubernetes.io/instance-type"] = "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
        ["app.kubernetes.io/created-by"] = "deprecated since v1.9",
        ["scheduler.alpha.kubernetes.io/preferAvoidPods"] = "deprecated since v1.22; use Taints and Tolerations instead",
        ["node-role.kubernetes.io/master"] = "use \"node-role.kubernetes.io/control-plane\" instead",
    }.ToFrozenDictionary();

    /// <summary>What is said of a label; null for nothing.</summary>
    public static string? Find(string label) => Notes.GetValueOrDefault(label);

    public static void Collect(JsonObject spec, FieldPath path, ICollection<string> warnings)
    {
        foreach (var (label, _) in spec.Object("nodeSelector") ?? [])
        {
            if (Find(label) is { } note)
                warnings.Add($"{path.Child("nodeSelector").Key(label)}: {note}");
        }
        if (spec.Object("affinity").Object("nodeAffinity") is { } affinity)
        {
            var at = path.Child("affinity", "nodeAffinity");
            const string Needed = "requiredDuringSchedulingIgnoredDuringExecution";
            const string Wanted = "preferredDuringSchedulingIgnoredDuringExecution";
            var terms = affinity.Object(Needed).List("nodeSelectorTerms");
            for (var i = 0; i < (terms?.Count ?? 0); i++)
                CollectOfTerm(terms![i] as JsonObject, checkValues: false, at.Child(Needed, "nodeSelectorTerms").Index(i), warnings);
            var wishes = affinity.List(Wanted);
            for (var i = 0; i < (wishes?.Count ?? 0); i++)
                CollectOfTerm((wishes![i] as JsonObject).Object("preference"), checkValues: true, at.Child(Wanted).Index(i).Child("preference"), warnings);
        }
        var constraints = spec.List("topologySpreadConstraints");
        for (var i = 0; i < (constraints?.Count ?? 0); i++)
        {
            var constraint = constraints![i] as JsonObject ?? [];
            var at = path.Child("topologySpreadConstraints").Index(i);
            if (constraint.Text("topologyKey") is { } key && Find(key) is { } note)
                warnings.Add($"{at.Child("topologyKey")}: {key} is {note}");
            if (constraint.Object("labelSelector") is null)
                warnings.Add($"{at.Child("labelSelector")}: a null labelSelector results in matching no pod");
        }
    }

    /// <summary>Warnings of one term of a node selector, of pods and of volumes.</summary>
    public static void CollectOfTerm(JsonObject? term, bool checkValues, FieldPath path, ICollection<string> warnings)
    {
        var expressions = term.List("matchExpressions");
        for (var i = 0; i < (expressions?.Count ?? 0); i++)
        {
            var expression = expressions![i] as JsonObject ?? [];
            var at = path.Child("matchExpressions").Index(i);
            if (expression.Text("key") is { } key && Find(key) is { } note)
                warnings.Add($"{at.Child("key")}: {key} is {note}");
            var values = expression.List("values");
            for (var j = 0; j < (checkValues ? values?.Count ?? 0 : 0); j++)
            {
                var value = values![j].AsText() ?? "";
                foreach (var fault in NameFormats.LabelValue(value))
                    warnings.Add($"{at.Child("values").Index(j)}: {value} is invalid, {fault}");
            }
        }
    }
}
