using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Bootstrap;

/// <summary>The roles and bindings of <c>Data/rbac.txt</c>.</summary>
internal static class RbacObjects
{
    private const string Group = "rbac.authorization.k8s.io";
    private const string AggregateTo = Group + "/aggregate-to-";

    public static IEnumerable<(GroupResource Resource, JsonObject Object)> All()
    {
        foreach (var (head, lines) in BootstrapText.Read("rbac.txt"))
        {
            yield return head[0] switch
            {
                "clusterrole" => (new(Group, "clusterroles"), Role(Metadata("", head[1], head[2..]), lines)),
                "role" => (new(Group, "roles"), Role(Metadata(head[1], head[2], []), lines)),
                "clusterrolebinding" => (new(Group, "clusterrolebindings"), Binding(Metadata("", head[1], []), "ClusterRole", head[2], lines)),
                "rolebinding" => (new(Group, "rolebindings"), Binding(Metadata(head[1], head[2], []), head[3], head[4], lines)),
                _ => throw new InvalidOperationException($"rbac.txt: {head[0]}"),
            };
        }
    }

    private static JsonObject Metadata(string @namespace, string name, string[] flags)
    {
        var labels = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" };
        foreach (var flag in flags)
            labels[AggregateTo + flag["to=".Length..]] = "true";
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["labels"] = labels,
            ["annotations"] = new JsonObject { [Group.Replace("k8s", "kubernetes", StringComparison.Ordinal) + "/autoupdate"] = "true" },
        };
        if (@namespace.Length > 0)
            metadata["namespace"] = @namespace;
        return metadata;
    }

    private static JsonObject Role(JsonObject metadata, List<string[]> lines)
    {
        var role = new JsonObject { ["metadata"] = metadata };
        var rules = new JsonArray();
        foreach (var words in lines)
        {
            if (words[0] == "from")
            {
                role["aggregationRule"] = new JsonObject
                {
                    ["clusterRoleSelectors"] = new JsonArray([.. words[1..].Select(
                        w => (JsonNode)new JsonObject { ["matchLabels"] = new JsonObject { [AggregateTo + w] = "true" } })]),
                };
                continue;
            }
            var rule = new JsonObject { ["verbs"] = BootstrapText.List(words[1]) };
            if (words[0] == "url")
            {
                rule["nonResourceURLs"] = BootstrapText.List(words[2]);
            }
            else
            {
                rule["apiGroups"] = BootstrapText.List(words[2]);
                rule["resources"] = BootstrapText.List(words[3]);
                if (words.Length > 4)
                    rule["resourceNames"] = BootstrapText.List(words[4]);
            }
            rules.Add((JsonNode)rule);
        }
        if (rules.Count > 0)
            role["rules"] = rules;
        return role;
    }

    private static JsonObject Binding(JsonObject metadata, string kind, string role, List<string[]> lines)
    {
        var binding = new JsonObject
        {
            ["metadata"] = metadata,
            ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = kind, ["name"] = role },
        };
        var subjects = new JsonArray([.. lines.Select(w => (JsonNode)(w[0] == "account"
            ? new JsonObject { ["kind"] = "ServiceAccount", ["name"] = w[2], ["namespace"] = w[1] }
            : new JsonObject { ["kind"] = w[0] == "user" ? "User" : "Group", ["apiGroup"] = Group, ["name"] = w[1] }))]);
        if (subjects.Count > 0)
            binding["subjects"] = subjects;
        return binding;
    }
}
