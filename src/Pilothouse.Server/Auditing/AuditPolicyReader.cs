using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Auditing;

/// <summary>Reads a policy file (<c>--audit-policy-file</c>): YAML or JSON, kind Policy of audit.k8s.io/v1. Says all that is wrong at once.</summary>
public static class AuditPolicyReader
{
    private static readonly string[] s_levels = [.. Enum.GetNames<AuditLevel>()];
    private static readonly AuditStages[] s_stages =
        [AuditStages.RequestReceived, AuditStages.ResponseStarted, AuditStages.ResponseComplete, AuditStages.Panic];

    /// <summary>The policy, or what is wrong with it.</summary>
    public static (AuditPolicy? Policy, IReadOnlyList<string> Faults) Read(string text)
    {
        if (!Yaml.ToJson(Encoding.UTF8.GetBytes(text), out var strictError).TryGet(out var json, out var unreadable))
            return (null, [unreadable.Message]);
        if (strictError is not null)
            return (null, [strictError]);
        if (JsonNode.Parse(json) is not JsonObject root)
            return (null, ["it is no object"]);
        if (root.Text("apiVersion") != "audit.k8s.io/v1" || root.Text("kind") != "Policy")
            return (null, [$"expected a Policy of audit.k8s.io/v1, found {GoText.Quote(root.Text("kind") ?? "")} of {GoText.Quote(root.Text("apiVersion") ?? "")}"]);
        var errors = new FieldErrors();
        CheckFields(root, "", errors, "apiVersion", "kind", "metadata", "rules", "omitStages", "omitManagedFields");
        List<AuditPolicyRule> rules = [];
        foreach (var rule in root.Objects("rules"))
            rules.Add(ReadRule(rule, $"rules[{rules.Count}]", errors));
        if (rules.Count == 0)
            errors.Add(FieldError.Required("rules", "a policy without rules writes nothing down"));
        var policy = new AuditPolicy
        {
            Rules = rules,
            OmittedStages = Stages(root, "omitStages", errors),
            OmitsManagedFields = root.Flag("omitManagedFields") ?? false,
        };
        return errors.Any ? (null, [.. errors.All.Select(e => e.ToString())]) : (policy, []);
    }

    private static AuditPolicyRule ReadRule(JsonObject rule, string path, FieldErrors errors)
    {
        CheckFields(rule, path + ".", errors, "level", "users", "userGroups", "verbs", "resources", "namespaces", "nonResourceURLs", "omitStages", "omitManagedFields");
        var level = rule.Text("level") ?? "";
        if (level.Length == 0)
            errors.Add(FieldError.Required($"{path}.level"));
        else if (!s_levels.Contains(level))
            errors.Add(FieldError.NotSupported($"{path}.level", level, s_levels));
        var urls = Texts(rule, "nonResourceURLs");
        for (var i = 0; i < urls.Count; i++)
        {
            if (urls[i] != "*" && !urls[i].StartsWith('/'))
                errors.Add(FieldError.Invalid($"{path}.nonResourceURLs[{i}]", urls[i], "non-resource URL rules must begin with a '/' character"));
            if (urls[i].IndexOf('*') is var star && star >= 0 && star < urls[i].Length - 1)
                errors.Add(FieldError.Invalid($"{path}.nonResourceURLs[{i}]", urls[i], "non-resource URL wildcards '*' must be the final character of the rule"));
        }
        var namespaces = Texts(rule, "namespaces");
        List<AuditedResources> resources = [];
        foreach (var group in rule.Objects("resources"))
        {
            CheckFields(group, $"{path}.resources[{resources.Count}].", errors, "group", "resources", "resourceNames");
            var named = new AuditedResources(group.Text("group") ?? "", Texts(group, "resources"), Texts(group, "resourceNames"));
            if (named.Group is not ("" or "*") && NameFormats.DnsSubdomain(named.Group) is { Count: > 0 } malformed)
                errors.Add(FieldError.Invalid($"{path}.resources.group", named.Group, string.Join(",", malformed)));
            if (named.ResourceNames.Count > 0 && named.Resources.Count == 0)
                errors.Add(FieldError.Invalid($"{path}.resources.resourceNames", string.Join(' ', named.ResourceNames), "using resourceNames requires at least one resource"));
            resources.Add(named);
        }
        if (urls.Count > 0 && (resources.Count > 0 || namespaces.Count > 0))
            errors.Add(FieldError.Invalid($"{path}.nonResourceURLs", string.Join(' ', urls), "rules cannot apply to both regular resources and non-resource URLs"));
        return new()
        {
            Level = Enum.TryParse<AuditLevel>(level, out var known) ? known : AuditLevel.None,
            Users = Texts(rule, "users"),
            UserGroups = Texts(rule, "userGroups"),
            Verbs = Texts(rule, "verbs"),
            Resources = resources,
            Namespaces = namespaces,
            NonResourceUrls = urls,
            OmittedStages = Stages(rule, $"{path}.omitStages", errors),
            OmitsManagedFields = rule.Flag("omitManagedFields"),
        };
    }

    private static AuditStages Stages(JsonObject obj, string path, FieldErrors errors)
    {
        var stages = AuditStages.None;
        var names = Texts(obj, "omitStages");
        for (var i = 0; i < names.Count; i++)
        {
            if (s_stages.Any(s => s.ToString() == names[i]))
                stages |= Enum.Parse<AuditStages>(names[i]);
            else
                errors.Add(FieldError.Invalid($"{path}[{i}]", names[i], $"allowed stages are {string.Join(',', s_stages)}"));
        }
        return stages;
    }

    private static List<string> Texts(JsonObject obj, string field) => [.. (obj.List(field) ?? []).Select(n => n.AsText() ?? "")];

    private static void CheckFields(JsonObject obj, string prefix, FieldErrors errors, params ReadOnlySpan<string> known)
    {
        foreach (var (name, _) in obj)
        {
            if (!known.Contains(name))
                errors.Add(FieldError.Forbidden(prefix + name, "unknown field"));
        }
    }
}
