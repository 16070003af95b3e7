using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>Rules of roles, from and to the trees of roles that are being written.</summary>
internal static class PolicyRules
{
    /// <summary>The rules of a role.</summary>
    public static PolicyRule[] Of(JsonObject role) => [.. role.Objects("rules").Select(r => new PolicyRule
    {
        Verbs = Texts(r, "verbs"),
        ApiGroups = Texts(r, "apiGroups"),
        Resources = Texts(r, "resources"),
        ResourceNames = Texts(r, "resourceNames"),
        NonResourceUrls = Texts(r, "nonResourceURLs"),
    })];

    /// <summary>A rule as a part of an object: lists that are empty are absent.</summary>
    public static JsonObject ToJson(PolicyRule rule)
    {
        var json = new JsonObject();
        Add("verbs", rule.Verbs);
        Add("apiGroups", rule.ApiGroups);
        Add("resources", rule.Resources);
        Add("resourceNames", rule.ResourceNames);
        Add("nonResourceURLs", rule.NonResourceUrls);
        return json;

        void Add(string name, string[] values)
        {
            if (values.Length > 0)
                json[name] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
        }
    }

    private static string[] Texts(JsonObject rule, string list) => [.. (rule.List(list) ?? []).Select(t => t.AsText() ?? "")];
}
