using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Authorization.Reviews;

/// <summary>SelfSubjectRulesReview: what may I do in a namespace? <c>kubectl auth can-i --list</c>.</summary>
internal sealed class SelfSubjectRulesReview(IRuleResolver resolver) : IVirtualResource
{
    public GroupVersionResource Resource => AuthorizationReviews.Of("selfsubjectrulesreviews");

    public string Subresource => "";

    public async ValueTask<Outcome<JsonObject>> CreateAsync(VirtualRequest request, CancellationToken cancellationToken)
    {
        var ns = request.Object.Object("spec")?.Text("namespace") ?? "";
        if (ns.Length == 0)
            return Status.BadRequest("no namespace on request");
        var resolved = await resolver.RulesForAsync(request.Api.User, ns, cancellationToken);
        var resources = new JsonArray();
        var paths = new JsonArray();
        foreach (var rule in resolved.Rules)
        {
            if (rule.Resources.Length > 0)
            {
                resources.Add((JsonNode)Rule(
                    ("verbs", rule.Verbs), ("apiGroups", rule.ApiGroups), ("resources", rule.Resources), ("resourceNames", rule.ResourceNames)));
            }
            if (rule.NonResourceUrls.Length > 0)
                paths.Add((JsonNode)Rule(("verbs", rule.Verbs), ("nonResourceURLs", rule.NonResourceUrls)));
        }
        var status = new JsonObject { ["resourceRules"] = resources, ["nonResourceRules"] = paths, ["incomplete"] = resolved.Incomplete };
        if (resolved.Errors.Count > 0)
            status["evaluationError"] = ErrorList.Join(resolved.Errors);
        // Upstream answers with the status alone: what was asked is not repeated.
        return new JsonObject
        {
            ["kind"] = request.Resource.Kind.Kind,
            ["apiVersion"] = request.Resource.Kind.ApiVersion,
            ["metadata"] = new JsonObject(),
            ["spec"] = new JsonObject(),
            ["status"] = status,
        };
    }

    private static JsonObject Rule(params ReadOnlySpan<(string Name, string[] Values)> lists)
    {
        var rule = new JsonObject();
        foreach (var (name, values) in lists)
        {
            if (values.Length > 0)
                rule[name] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
        }
        return rule;
    }
}
