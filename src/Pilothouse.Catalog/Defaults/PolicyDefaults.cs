using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Networking, RBAC, flow control and admission registration.</summary>
internal static class PolicyDefaults
{
    private const string Flow = "io.k8s.api.flowcontrol.v1.";
    private const string Registration = "io.k8s.api.admissionregistration.";
    private const string Rbac = "rbac.authorization.k8s.io";

    public static Dictionary<string, DefaultRule> Rules { get; } = new(Versions())
    {
        ["io.k8s.api.networking.v1.NetworkPolicyPort"] = DefaultRules.Values(("protocol", "TCP")),
        ["io.k8s.api.networking.v1.NetworkPolicy"] = FillNetworkPolicy,
        ["io.k8s.api.networking.v1.IngressClass"] = (ingress, _) => ingress.Object("spec").Object("parameters")?.Default("scope", "Cluster"),
        ["io.k8s.api.rbac.v1.ClusterRoleBinding"] = DefaultRules.In("roleRef", DefaultRules.Values(("apiGroup", Rbac))),
        ["io.k8s.api.rbac.v1.RoleBinding"] = DefaultRules.In("roleRef", DefaultRules.Values(("apiGroup", Rbac))),
        ["io.k8s.api.rbac.v1.Subject"] = (subject, _) =>
        {
            if (subject.Text("kind") is "User" or "Group")
                subject.Default("apiGroup", Rbac);
        },
        [Flow + "FlowSchemaSpec"] = DefaultRules.Values(("matchingPrecedence", 1000)),
        [Flow + "ExemptPriorityLevelConfiguration"] = DefaultRules.Values(("nominalConcurrencyShares", 0), ("lendablePercent", 0)),
        [Flow + "LimitedPriorityLevelConfiguration"] = DefaultRules.Values(("nominalConcurrencyShares", 30), ("lendablePercent", 0)),
        [Flow + "QueuingConfiguration"] = DefaultRules.Values(("handSize", 8), ("queues", 64), ("queueLengthLimit", 50)),
        [Registration + "v1.ValidatingWebhook"] = FillWebhook,
        [Registration + "v1.MutatingWebhook"] = (webhook, now) =>
        {
            FillWebhook(webhook, now);
            webhook.Default("reinvocationPolicy", "Never");
        },
        [Registration + "v1.RuleWithOperations"] = DefaultRules.Values(("scope", "*")),
        [Registration + "v1.ServiceReference"] = DefaultRules.Values(("port", 443)),
        [Registration + "v1.ValidatingAdmissionPolicySpec"] = DefaultRules.Values(("failurePolicy", "Fail")),
        [Registration + "v1alpha1.ParamRef"] = DefaultRules.Values(("parameterNotFoundAction", "Deny")),
    };

    private static Dictionary<string, DefaultRule> Versions()
    {
        var rules = new Dictionary<string, DefaultRule>();
        foreach (var version in (string[])["v1", "v1beta1", "v1alpha1"])
        {
            rules[$"{Registration}{version}.NamedRuleWithOperations"] = DefaultRules.Values(("scope", "*"));
            rules[$"{Registration}{version}.MutatingAdmissionPolicySpec"] = DefaultRules.Values(("failurePolicy", "Fail"));
            rules[$"{Registration}{version}.MatchResources"] = DefaultRules.Values(
                ("matchPolicy", "Equivalent"), ("namespaceSelector", new JsonObject()), ("objectSelector", new JsonObject()));
        }
        return rules;
    }

    private static void FillNetworkPolicy(JsonObject policy, DateTimeOffset now)
    {
        var spec = policy.ObjectOrNew("spec");
        if (spec.List("policyTypes") is not { Count: > 0 })
            spec["policyTypes"] = spec.List("egress") is { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
    }

    private static void FillWebhook(JsonObject webhook, DateTimeOffset now)
    {
        webhook.Default("failurePolicy", "Fail");
        webhook.Default("matchPolicy", "Equivalent");
        if (!webhook.ContainsKey("namespaceSelector"))
            webhook["namespaceSelector"] = new JsonObject();
        if (!webhook.ContainsKey("objectSelector"))
            webhook["objectSelector"] = new JsonObject();
        webhook.Default("timeoutSeconds", 10);
    }
}
