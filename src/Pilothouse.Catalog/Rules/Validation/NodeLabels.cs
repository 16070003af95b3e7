using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Labels of nodes that have got other names since, and warnings about selectors that still want them.</summary>
internal static class NodeLabels
{
    private static readonly FrozenDictionary<string, string> Deprecated = new Dictionary<string, string>
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

    /// <summary>What is said of a label; null for one that is right.</summary>
    public static string? MessageFor(string label) => Deprecated.GetValueOrDefault(label);

    /// <summary>Warns of a label selector for nodes.</summary>
    public static void WarnOfSelector(JsonObject? selector, string path, ICollection<string> warnings)
    {
        WarnOfExpressions(selector, path, warnings);
        foreach (var (label, _) in selector.Object("matchLabels") ?? [])
        {
            if (MessageFor(label) is { } message)
                warnings.Add($"{path}.matchLabels.{label}: {message}");
        }
    }

    /// <summary>Warns of a term of a node selector.</summary>
    public static void WarnOfExpressions(JsonObject? term, string path, ICollection<string> warnings, bool checkValues = false)
    {
        foreach (var (i, expression) in term.Items("matchExpressions"))
        {
            if (MessageFor(expression.Word("key")) is { } message)
                warnings.Add($"{path}.matchExpressions[{i}].key: {expression.Word("key")} is {message}");
            if (!checkValues)
                continue;
            foreach (var (j, value) in expression.Words("values"))
            {
                foreach (var fault in NameFormats.LabelValue(value))
                    warnings.Add($"{path}.matchExpressions[{i}].values[{j}]: {value} is invalid, {fault}");
            }
        }
    }

    /// <summary>
    /// A copy of an affinity in which labels that have replaced those of an older one are called by the old names again, so that
    /// what is the same compares so.
    /// </summary>
    public static JsonObject WithNewNames(JsonObject affinity, JsonObject old)
    {
        var copy = (JsonObject)affinity.DeepClone();
        var before = old.Object("required").List("nodeSelectorTerms");
        foreach (var (i, term) in copy.Object("required").Items("nodeSelectorTerms"))
        {
            var expressions = i < before?.Count ? (before[i] as JsonObject).List("matchExpressions") : null;
            foreach (var (j, expression) in term.Items("matchExpressions"))
            {
                if (j < expressions?.Count && expressions[j] is JsonObject was && Renamed.GetValueOrDefault(was.Word("key")) == expression.Word("key"))
                    expression["key"] = was.Word("key");
            }
        }
        return copy;
    }

    private static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string>
    {
        ["failure-domain.beta.kubernetes.io/zone"] = "topology.kubernetes.io/zone",
        ["failure-domain.beta.kubernetes.io/region"] = "topology.kubernetes.io/region",
        ["beta.kubernetes.io/instance-type"] = "node.kubernetes.io/instance-type",
        ["beta.kubernetes.io/os"] = "kubernetes.io/os",
        ["beta.kubernetes.io/arch"] = "kubernetes.io/arch",
    }.ToFrozenDictionary();
}
