using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Abac;

/// <summary>
/// Reads a policy file (<c>--authorization-policy-file</c>): a JSON object a line, of
/// <c>abac.authorization.kubernetes.io/v1beta1</c>, or of the older form that has no version. Empty lines and lines that begin
/// with # are skipped.
/// </summary>
internal static class AbacPolicyFile
{
    private const string Version = "abac.authorization.kubernetes.io/v1beta1";

    /// <summary>The policies, and what is wrong with the file: faults name their line.</summary>
    public static (IReadOnlyList<AbacPolicy> Policies, IReadOnlyList<string> Faults) Parse(string text)
    {
        var policies = new List<AbacPolicy>();
        var faults = new List<string>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            try
            {
                if (JsonNode.Parse(line) is not JsonObject policy)
                    faults.Add($"line {number}: it is no JSON object");
                else if (!policy.ContainsKey("apiVersion") && !policy.ContainsKey("kind"))
                    policies.Add(Unversioned(policy));
                else if (policy.Text("apiVersion") == Version && policy.Text("kind") == "Policy")
                    policies.Add(Versioned(policy.Object("spec") ?? []));
                else
                    faults.Add($"line {number}: unrecognized object: {policy.Text("apiVersion")}, Kind={policy.Text("kind")}");
            }
            catch (Exception fault) when (fault is JsonException or ArgumentException)
            {
                faults.Add($"line {number}: {fault.Message}");
            }
        }
        return (policies, faults);
    }

    private static AbacPolicy Versioned(JsonObject spec)
    {
        var everybody = spec.Text("user") == "*" || spec.Text("group") == "*";
        return new()
        {
            User = everybody ? "" : spec.Text("user") ?? "",
            Group = everybody ? UserInfo.Authenticated : spec.Text("group") ?? "",
            ReadOnly = spec.Flag("readonly") ?? false,
            ApiGroup = spec.Text("apiGroup") ?? "",
            Resource = spec.Text("resource") ?? "",
            Namespace = spec.Text("namespace") ?? "",
            NonResourcePath = spec.Text("nonResourcePath") ?? "",
        };
    }

    /// <summary>In the older form what is left out means all.</summary>
    private static AbacPolicy Unversioned(JsonObject policy)
    {
        var (user, group) = (policy.Text("user") ?? "", policy.Text("group") ?? "");
        var (resource, ns) = (policy.Text("resource") ?? "", policy.Text("namespace") ?? "");
        var everybody = user == "*" || group == "*" || (user.Length == 0 && group.Length == 0);
        return new()
        {
            User = everybody ? "" : user,
            Group = everybody ? UserInfo.Authenticated : group,
            ReadOnly = policy.Flag("readonly") ?? false,
            ApiGroup = "*",
            Resource = resource.Length == 0 ? "*" : resource,
            Namespace = ns.Length == 0 ? "*" : ns,
            NonResourcePath = resource.Length == 0 && ns.Length == 0 ? "*" : "",
        };
    }
}
