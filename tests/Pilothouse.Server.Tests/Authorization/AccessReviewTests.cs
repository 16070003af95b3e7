using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Authorization;

public sealed class AccessReviewTests
{
    private const string Group = "/apis/authorization.k8s.io/v1";
    private const string Asks = """[{"verbs":["create"],"apiGroups":["authorization.k8s.io"],"resources":["*"]}]""";

    private static string Spec(string kind, string spec) => $$"""{"apiVersion":"authorization.k8s.io/v1","kind":"{{kind}}","spec":{{spec}}}""";

    [Theory]
    [InlineData("""{"user":"zed","resourceAttributes":{"verb":"get","resource":"pods","namespace":"a"}}""", """{"allowed":false}""")]
    [InlineData("""{"user":"zed","groups":["system:masters"],"resourceAttributes":{"verb":"get","resource":"pods"}}""", """{"allowed":true}""")]
    [InlineData("""{"user":"system:node:n1","groups":["system:nodes"],"resourceAttributes":{"verb":"get","resource":"nodes","name":"n1"}}""", """{"allowed":true}""")]
    [InlineData("""{"user":"system:node:n1","groups":["system:nodes"],"resourceAttributes":{"verb":"get","resource":"secrets","name":"s","namespace":"a"}}""", """{"allowed":false,"reason":"no relationship found between node 'n1' and this object"}""")]
    [InlineData("""{"user":"system:node:n1","groups":["system:nodes"],"resourceAttributes":{"verb":"list","resource":"pods","fieldSelector":{"requirements":[{"key":"spec.nodeName","operator":"In","values":["n1"]}]}}}""", """{"allowed":true}""")]
    [InlineData("""{"user":"system:node:n1","groups":["system:nodes"],"resourceAttributes":{"verb":"list","resource":"pods","fieldSelector":{"rawSelector":"spec.nodeName=n1"}}}""", """{"allowed":true}""")]
    [InlineData("""{"user":"system:node:n1","groups":["system:nodes"],"resourceAttributes":{"verb":"list","resource":"pods","fieldSelector":{"rawSelector":"spec.nodeName!=n1"}}}""", """{"allowed":false,"reason":"can only list/watch pods with spec.nodeName field selector"}""")]
    [InlineData("""{"user":"zed","resourceAttributes":{"verb":"list","resource":"pods","fieldSelector":{"rawSelector":"what"}}}""", """{"allowed":false,"evaluationError":"spec.resourceAttributes.fieldSelector ignored due to parse error"}""")]
    [InlineData("""{"user":"zed","resourceAttributes":{"verb":"list","resource":"pods","labelSelector":{"requirements":[{"key":"a","operator":"Wat"},{"key":"b","operator":"Exists"}]}}}""", """{"allowed":false,"evaluationError":"spec.resourceAttributes.labelSelector partially ignored due to parse error"}""")]
    public async Task A_review_is_answered_with_its_status(string spec, string status)
    {
        await using var server = await AuthorizedServer.StartAsync();
        var (code, body) = await server.SendAsync("POST", $"{Group}/subjectaccessreviews", body: Spec("SubjectAccessReview", spec));
        Assert.Equal(201, code);
        Assert.Equal(status, body!["status"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(["managedFields"], body["metadata"]!.AsObject().Select(m => m.Key));
    }

    [Theory]
    [InlineData("{}", "[spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified, spec.user: Invalid value: \"\": at least one of user or group must be specified]")]
    [InlineData("""{"user":"z","resourceAttributes":{"verb":"get"},"nonResourceAttributes":{"path":"/x","verb":"get"}}""", "spec.nonResourceAttributes: Invalid value: {\"Path\":\"/x\",\"Verb\":\"get\"}: cannot be specified in combination with resourceAttributes")]
    [InlineData("""{"user":"z","resourceAttributes":{"fieldSelector":{"rawSelector":"a=b","requirements":[{"key":"a","operator":"In","values":["b"]}]}}}""", "spec.resourceAttributes.fieldSelector.rawSelector: Invalid value: \"a=b\": may not specified at the same time as requirements")]
    [InlineData("""{"user":"z","resourceAttributes":{"labelSelector":{}}}""", "spec.resourceAttributes.labelSelector.requirements: Required value: when spec.resourceAttributes.labelSelector is specified, requirements or rawSelector is required")]
    [InlineData("""{"user":"z","resourceAttributes":{"fieldSelector":{"requirements":[{"key":"","operator":"In"}]}}}""", "[spec.resourceAttributes.fieldSelector.requirements[0].key: Required value: must be specified, spec.resourceAttributes.fieldSelector.requirements[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn']")]
    public async Task A_faulty_review_is_refused(string spec, string text)
    {
        await using var server = await AuthorizedServer.StartAsync();
        var (code, body) = await server.SendAsync("POST", $"{Group}/subjectaccessreviews", body: Spec("SubjectAccessReview", spec));
        Assert.Equal((422, $".authorization.k8s.io \"\" is invalid: {text}"), (code, AuthorizedServer.MessageOf(body)));
    }

    [Fact]
    public async Task A_local_review_is_about_its_namespace()
    {
        await using var server = await AuthorizedServer.StartAsync();
        const string Path = $"{Group}/namespaces/a/localsubjectaccessreviews";
        var (code, body) = await server.SendAsync("POST", Path, body: Spec("LocalSubjectAccessReview", """{"user":"z","resourceAttributes":{"verb":"get","resource":"pods","namespace":"a"}}"""));
        Assert.Equal((201, "a"), (code, body!["metadata"]!["namespace"]!.GetValue<string>()));
        (code, body) = await server.SendAsync("POST", Path, body: Spec("LocalSubjectAccessReview", """{"user":"z","resourceAttributes":{"verb":"get","resource":"pods","namespace":"b"}}"""));
        Assert.Equal(
            (422, ".authorization.k8s.io \"\" is invalid: spec.resourceAttributes.namespace: Invalid value: \"b\": must match metadata.namespace"),
            (code, AuthorizedServer.MessageOf(body)));
    }

    [Fact]
    public async Task One_may_ask_about_oneself()
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("alice", Asks);
        await server.GrantAsync("alice", """[{"verbs":["get"],"apiGroups":["x.example"],"resources":["things"],"resourceNames":["t"]},{"verbs":["get"],"nonResourceURLs":["/logs/*"]}]""", "a");
        var (code, body) = await server.SendAsync("POST", $"{Group}/selfsubjectaccessreviews", "alice", Spec(
            "SelfSubjectAccessReview", """{"resourceAttributes":{"verb":"get","group":"x.example","resource":"things","name":"t","namespace":"a"}}"""));
        Assert.Equal((201, true), (code, body!["status"]!["allowed"]!.GetValue<bool>()));
        Assert.StartsWith("RBAC: allowed by RoleBinding \"grant-", body["status"]!["reason"]!.GetValue<string>(), StringComparison.Ordinal);

        (code, body) = await server.SendAsync("POST", $"{Group}/selfsubjectrulesreviews", "alice", Spec("SelfSubjectRulesReview", """{"namespace":"a"}"""));
        Assert.Equal((201, "{}"), (code, body!["spec"]!.ToJsonString()));
        Assert.Equal(
            """[{"verbs":["create"],"apiGroups":["authorization.k8s.io"],"resources":["*"]},{"verbs":["get"],"apiGroups":["x.example"],"resources":["things"],"resourceNames":["t"]}]""",
            body["status"]!["resourceRules"]!.ToJsonString());
        Assert.Equal("""[{"verbs":["get"],"nonResourceURLs":["/logs/*"]}]""", body["status"]!["nonResourceRules"]!.ToJsonString());
        Assert.False(body["status"]!["incomplete"]!.GetValue<bool>());

        (code, body) = await server.SendAsync("POST", $"{Group}/selfsubjectrulesreviews", "alice", Spec("SelfSubjectRulesReview", "{}"));
        Assert.Equal((400, "no namespace on request"), (code, AuthorizedServer.MessageOf(body)));
    }

    [Fact]
    public async Task A_nodes_rules_cannot_be_listed_whole()
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("system:node:n1", Asks);
        var (code, body) = await server.SendAsync("POST", $"{Group}/selfsubjectrulesreviews", "system:node:n1/system:nodes", Spec("SelfSubjectRulesReview", """{"namespace":"a"}"""));
        Assert.Equal(201, code);
        var status = (JsonObject)body!["status"]!;
        Assert.True(status["incomplete"]!.GetValue<bool>());
        Assert.Equal("node authorizer does not support user rule resolution for user \"n1\"", status["evaluationError"]!.GetValue<string>());
    }
}
