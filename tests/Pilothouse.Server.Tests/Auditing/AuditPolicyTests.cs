using Pilothouse.Objects;
using Pilothouse.Server.Auditing;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Tests.Auditing;

public sealed class AuditPolicyTests
{
    private const string Text = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        omitManagedFields: true
        rules:
        - level: None
          users: ["system:kube-proxy"]
          verbs: [watch]
          resources: [{group: "", resources: [endpoints, services, "services/status"]}]
        - level: None
          nonResourceURLs: ["/healthz*", /version]
        - level: Metadata
          resources: [{group: "", resources: [secrets], resourceNames: [a]}]
          namespaces: [kube-system]
          omitStages: [ResponseStarted]
        - level: Request
          resources: [{group: "", resources: ["pods/*"]}]
          omitManagedFields: false
        - level: RequestResponse
          resources: [{group: apps}]
          userGroups: [dev]
        - level: Metadata
          resources: [{group: "*", resources: ["*/scale"]}]
        """;

    private static AuditPolicy Policy()
    {
        var (policy, faults) = AuditPolicyReader.Read(Text);
        Assert.Empty(faults);
        return policy!;
    }

    private static AuthorizationAttributes On(
        string resource, string verb = "get", string user = "bob", string group = "", string ns = "", string name = "", string subresource = "", string inGroup = "x") => new()
    {
        User = new(user, "", [inGroup]),
        Verb = verb,
        IsResourceRequest = true,
        Group = group,
        Version = "v1",
        Resource = resource,
        Subresource = subresource,
        Namespace = ns,
        Name = name,
    };

    [Fact]
    public void The_first_rule_that_fits_decides()
    {
        var policy = Policy();
        Assert.Equal(AuditLevel.None, policy.Decide(On("services", "watch", "system:kube-proxy")).Level);
        Assert.Equal(AuditLevel.None, policy.Decide(On("services", "watch", "system:kube-proxy", subresource: "status")).Level);
        Assert.Equal(AuditLevel.Metadata, policy.Decide(On("secrets", ns: "kube-system", name: "a")).Level);
        Assert.Equal(AuditLevel.None, policy.Decide(On("secrets", ns: "kube-system", name: "b")).Level);
        Assert.Equal(AuditLevel.None, policy.Decide(On("secrets", ns: "default", name: "a")).Level);
        Assert.Equal(AuditLevel.Request, policy.Decide(On("pods")).Level);
        Assert.Equal(AuditLevel.Request, policy.Decide(On("pods", subresource: "log")).Level);
        Assert.Equal(AuditLevel.RequestResponse, policy.Decide(On("deployments", group: "apps", inGroup: "dev")).Level);
        Assert.Equal(AuditLevel.Metadata, policy.Decide(On("deployments", group: "apps", subresource: "scale")).Level);
        Assert.Equal(AuditLevel.None, policy.Decide(On("deployments", group: "apps")).Level);
    }

    [Fact]
    public void Stages_add_up_and_managed_fields_follow_the_rule_first()
    {
        var policy = Policy();
        var secrets = policy.Decide(On("secrets", ns: "kube-system", name: "a"));
        Assert.Equal(AuditStages.RequestReceived | AuditStages.ResponseStarted, secrets.OmittedStages);
        Assert.True(secrets.OmitsManagedFields);
        Assert.False(policy.Decide(On("pods")).OmitsManagedFields);
    }

    [Theory]
    [InlineData("/healthz/etcd", AuditLevel.None)]
    [InlineData("/metrics", AuditLevel.None)]
    public void Paths_fit_with_what_follows_a_star(string path, AuditLevel level)
    {
        var attributes = new AuthorizationAttributes { User = UserInfo.Anonymous, Verb = "get", IsResourceRequest = false, Path = path };
        Assert.Equal(level, Policy().Decide(attributes).Level);
    }

    [Theory]
    [InlineData("kind: Policy\napiVersion: audit.k8s.io/v1\nrules: []", "rules: Required value: a policy without rules writes nothing down")]
    [InlineData("kind: Policy\napiVersion: audit.k8s.io/v1\nrules: [{}]", "rules[0].level: Required value")]
    [InlineData("kind: Policy\napiVersion: audit.k8s.io/v1\nrules: [{level: All}]",
        "rules[0].level: Unsupported value: \"All\": supported values: \"None\", \"Metadata\", \"Request\", \"RequestResponse\"")]
    [InlineData("kind: Policy\napiVersion: audit.k8s.io/v1\nrules: [{level: None, nonResourceURLs: [healthz]}]",
        "rules[0].nonResourceURLs[0]: Invalid value: \"healthz\": non-resource URL rules must begin with a '/' character")]
    [InlineData("kind: Policy\napiVersion: audit.k8s.io/v1\nrules: [{level: None, omitStages: [Later]}]",
        "rules[0].omitStages[0]: Invalid value: \"Later\": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic")]
    [InlineData("kind: Policy\napiVersion: audit.k8s.io/v1\nrules: [{level: None, user: [a]}]", "rules[0].user: Forbidden: unknown field")]
    [InlineData("kind: Policy\napiVersion: v1\nrules: []", "expected a Policy of audit.k8s.io/v1, found \"Policy\" of \"v1\"")]
    public void A_policy_that_is_wrong_says_where(string text, string fault)
    {
        var (policy, faults) = AuditPolicyReader.Read(text);
        Assert.Null(policy);
        Assert.Contains(fault, faults);
    }
}
