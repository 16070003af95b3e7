using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Bootstrap;

/// <summary>The priority levels and flow schemas of <c>Data/flowcontrol.txt</c>.</summary>
internal static class FlowControlObjects
{
    private const string Group = "flowcontrol.apiserver.k8s.io";

    public static IEnumerable<(GroupResource Resource, JsonObject Object)> All()
    {
        foreach (var (head, lines) in BootstrapText.Read("flowcontrol.txt"))
        {
            var metadata = new JsonObject
            {
                ["name"] = head[1],
                ["annotations"] = new JsonObject { ["apf.kubernetes.io/autoupdate-spec"] = "true" },
            };
            yield return head[0] == "level"
                ? (new(Group, "prioritylevelconfigurations"), new() { ["metadata"] = metadata, ["spec"] = Level(head) })
                : (new GroupResource(Group, "flowschemas"), new JsonObject { ["metadata"] = metadata, ["spec"] = Schema(head, lines) });
        }
    }

    private static JsonObject Level(string[] head)
    {
        var settings = new JsonObject { ["nominalConcurrencyShares"] = Number(head[3]), ["lendablePercent"] = Number(head[4]) };
        if (head[2] == "Limited")
        {
            settings["limitResponse"] = head.Length == 5
                ? new JsonObject { ["type"] = "Reject" }
                : new JsonObject
                {
                    ["type"] = "Queue",
                    ["queuing"] = new JsonObject
                    {
                        ["queues"] = Number(head[5]),
                        ["handSize"] = Number(head[6]),
                        ["queueLengthLimit"] = Number(head[7]),
                    },
                };
        }
        return new() { ["type"] = head[2], [head[2] == "Limited" ? "limited" : "exempt"] = settings };
    }

    private static JsonObject Schema(string[] head, List<string[]> lines)
    {
        var rule = new JsonObject();
        foreach (var words in lines)
        {
            var (list, element) = words[0] switch
            {
                "allow" => ("resourceRules", ResourceRule(words)),
                "url" => ("nonResourceRules", new JsonObject
                {
                    ["verbs"] = BootstrapText.List(words[1]),
                    ["nonResourceURLs"] = BootstrapText.List(words[2]),
                }),
                "account" => ("subjects", new JsonObject
                {
                    ["kind"] = "ServiceAccount",
                    ["serviceAccount"] = new JsonObject { ["namespace"] = words[1], ["name"] = words[2] },
                }),
                "user" => ("subjects", new JsonObject { ["kind"] = "User", ["user"] = new JsonObject { ["name"] = words[1] } }),
                _ => ("subjects", new JsonObject { ["kind"] = "Group", ["group"] = new JsonObject { ["name"] = words[1] } }),
            };
            if (rule.List(list) is not { } elements)
                rule[list] = elements = [];
            elements.Add((JsonNode)element);
        }
        var spec = new JsonObject
        {
            ["priorityLevelConfiguration"] = new JsonObject { ["name"] = head[2] },
            ["matchingPrecedence"] = Number(head[3]),
            ["rules"] = new JsonArray(rule),
        };
        if (head.Length > 4)
            spec["distinguisherMethod"] = new JsonObject { ["type"] = head[4] };
        return spec;
    }

    private static JsonObject ResourceRule(string[] words)
    {
        var rule = new JsonObject
        {
            ["verbs"] = BootstrapText.List(words[1]),
            ["apiGroups"] = BootstrapText.List(words[2]),
            ["resources"] = BootstrapText.List(words[3]),
            ["namespaces"] = BootstrapText.List(words[5]),
        };
        if (words[4] == "cluster")
            rule["clusterScope"] = true;
        return rule;
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
