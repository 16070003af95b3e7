using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Admission;

public sealed class ValidatingPolicyTests
{
    private const string Small = """{"metadata":{"name":"a"},"data":{"k":"1"}}""";

    private static string Message(JsonNode status) => (string)status["message"]!;

    [Fact]
    public async Task What_an_expression_does_not_hold_for_is_refused_with_its_message_and_reason()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.ValidateAsync(server, """
            {"variables":[{"name":"keys","expression":"object.data.size()"},{"name":"many","expression":"variables.keys > 1"}],
             "validations":[{"expression":"!variables.many","messageExpression":"'no more than one, not ' + string(variables.keys)","reason":"Forbidden"},
                            {"expression":"object.metadata.name != 'b'","message":"not b"}]}
            """);

        Assert.Equal(201, (await PolicyServer.CreateAsync(server, Small)).Code);
        var (code, body, _) = await PolicyServer.CreateAsync(server, """{"metadata":{"name":"c"},"data":{"k":"1","l":"2"}}""");
        Assert.Equal(403, code);
        Assert.Equal(
            "configmaps \"c\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p' denied request: no more than one, not 2",
            Message(body));
        Assert.Equal("Forbidden", (string)body["reason"]!);
        (code, body, _) = await PolicyServer.CreateAsync(server, """{"metadata":{"name":"b"},"data":{"k":"1"}}""");
        Assert.Equal(422, code);
        Assert.EndsWith("denied request: not b", Message(body), StringComparison.Ordinal);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Policies_see_the_request_the_old_object_the_namespace_and_what_the_user_may_do()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.ValidateAsync(server, """
            {"validations":[
              {"expression":"request.operation != 'CREATE' || oldObject == null && request.userInfo.username == 'admin'","message":"request"},
              {"expression":"request.operation != 'DELETE' || object == null && oldObject.data.k == '1'","message":"old"},
              {"expression":"namespaceObject.metadata.labels.level == 'high' && request.namespace == 'n'","message":"namespace"},
              {"expression":"authorizer.requestResource.check('create').allowed() && authorizer.path('/healthz').check('get').allowed()","message":"authorizer"}]}
            """);

        var (code, body, _) = await PolicyServer.CreateAsync(server, Small);
        Assert.True(code == 201, body.ToJsonString());
        (code, var deleted, _) = await server.SendAsync("DELETE", PolicyServer.ConfigMaps + "/a");
        Assert.True(code == 200, deleted?.ToJsonString());
        server.AssertNoFaults();
    }

    [Fact]
    public async Task A_binding_says_whether_to_refuse_warn_or_note()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.ValidateAsync(server, """{"validations":[{"expression":"object.data.k != '1'","message":"not one"}]}""",
            """{"validationActions":["Warn","Audit"]}""");

        var (code, _, warnings) = await PolicyServer.CreateAsync(server, Small);

        Assert.Equal(201, code);
        Assert.Equal("299 - \"Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p': not one\"", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("Fail", 422)]
    [InlineData("Ignore", 201)]
    public async Task What_cannot_be_evaluated_is_refused_unless_failures_are_ignored(string failurePolicy, int expected)
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.ValidateAsync(server, $$$"""
            {"failurePolicy":"{{{failurePolicy}}}","validations":[{"expression":"object.data.missing == 'x'"}]}
            """);

        var (code, body, _) = await PolicyServer.CreateAsync(server, Small);

        Assert.Equal(expected, code);
        if (expected == 422)
            Assert.EndsWith("expression 'object.data.missing == 'x'' resulted in error: no such key: missing", Message(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expression_that_costs_too_much_is_stopped()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.ValidateAsync(server, """
            {"validations":[{"expression":"[0,1,2,3,4,5,6,7,8,9].all(a, [0,1,2,3,4,5,6,7,8,9].all(b, [0,1,2,3,4,5,6,7,8,9].all(c, [0,1,2,3,4,5,6,7,8,9].all(d, [0,1,2,3,4,5,6,7,8,9].all(e, [0,1,2,3,4,5,6,7,8,9].all(f, a + b + c + d + e + f < 100))))))"}]}
            """);

        var (code, body, _) = await PolicyServer.CreateAsync(server, Small);

        Assert.Equal(422, code);
        Assert.Contains("cost limit exceeded", Message(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Match_conditions_and_selectors_narrow_what_a_policy_is_for()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.ValidateAsync(server, """
            {"matchConstraints":{
               "objectSelector":{"matchLabels":{"l":"v"}},
               "resourceRules":[{"apiGroups":["*"],"apiVersions":["*"],"operations":["CREATE"],"resources":["*"]}],
               "excludeResourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["*"],"resources":["secrets"]}]},
             "matchConditions":[{"name":"c","expression":"request.userInfo.username == 'admin' && object.metadata.name.startsWith('t-')"}],
             "validations":[{"expression":"false"}]}
            """);

        Task<(int Code, JsonNode Body, string[])> Create(string name, string label, string path = PolicyServer.ConfigMaps) =>
            PolicyServer.CreateAsync(server, $$$"""{"metadata":{"name":"{{{name}}}","labels":{"l":"{{{label}}}" } } }""", path);
        Assert.Equal(422, (await Create("t-1", "v")).Code);
        Assert.Equal(201, (await Create("t-2", "w")).Code);
        Assert.Equal(201, (await Create("u-1", "v")).Code);
        Assert.Equal(201, (await Create("t-3", "v", "/api/v1/namespaces/n/secrets")).Code);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Parameters_are_found_by_name_or_selector_and_each_is_tried()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.CreateAsync(server, """{"metadata":{"name":"low","labels":{"for":"p"}},"data":{"max":"1"}}""", "/api/v1/namespaces/params/configmaps");
        await PolicyServer.CreateAsync(server, """{"metadata":{"name":"high","labels":{"for":"p"}},"data":{"max":"5"}}""", "/api/v1/namespaces/params/configmaps");
        await PolicyServer.ValidateAsync(server, """
            {"paramKind":{"apiVersion":"v1","kind":"ConfigMap"},
             "validations":[{"expression":"object.data.size() <= int(params.data.max)","messageExpression":"'at most ' + params.data.max"}]}
            """, """{"validationActions":["Deny"],"paramRef":{"namespace":"params","selector":{"matchLabels":{"for":"p"}},"parameterNotFoundAction":"Deny"}}""");

        Assert.Equal(201, (await PolicyServer.CreateAsync(server, Small)).Code);
        var (code, body, _) = await PolicyServer.CreateAsync(server, """{"metadata":{"name":"b"},"data":{"k":"1","l":"2"}}""");
        Assert.Equal(422, code);
        Assert.EndsWith("denied request: at most 1", Message(body), StringComparison.Ordinal);
        server.AssertNoFaults();
    }

    [Theory]
    [InlineData("Deny", 422)]
    [InlineData("Allow", 201)]
    public async Task A_binding_says_what_happens_without_parameters(string action, int expected)
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.ValidateAsync(server, """
            {"paramKind":{"apiVersion":"v1","kind":"ConfigMap"},"validations":[{"expression":"params.data.max == '1'"}]}
            """, $$$"""{"validationActions":["Deny"],"paramRef":{"name":"none","parameterNotFoundAction":"{{{action}}}"}}""");

        Assert.Equal(expected, (await PolicyServer.CreateAsync(server, Small)).Code);
    }

    [Fact]
    public async Task A_policy_sees_other_versions_in_the_one_that_it_names()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.ValidateAsync(server, """
            {"matchConstraints":{"resourceRules":[{"apiGroups":["autoscaling"],"apiVersions":["v1"],"operations":["*"],"resources":["horizontalpodautoscalers"]}]},
             "validations":[{"expression":"object.apiVersion == 'autoscaling/v1' && object.spec.targetCPUUtilizationPercentage > 50 && request.requestKind.version == 'v2'"}]}
            """);
        const string hpa = """{"metadata":{"name":"NAME"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d","apiVersion":"apps/v1"},"maxReplicas":3,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":PERCENT}}}]}}""";
        const string path = "/apis/autoscaling/v2/namespaces/n/horizontalpodautoscalers";

        var (code, body, _) = await PolicyServer.CreateAsync(server, hpa.Replace("NAME", "a").Replace("PERCENT", "60"), path);
        Assert.True(code == 201, body.ToJsonString());
        Assert.Equal(422, (await PolicyServer.CreateAsync(server, hpa.Replace("NAME", "b").Replace("PERCENT", "40"), path)).Code);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task A_policy_ends_with_its_binding()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.ValidateAsync(server, """{"validations":[{"expression":"false"}]}""");
        Assert.Equal(422, (await PolicyServer.CreateAsync(server, Small)).Code);

        const string bindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
        await server.SendAsync("DELETE", bindings + "/p");
        await server.SendAsync("GET", bindings);

        Assert.Equal(201, (await PolicyServer.CreateAsync(server, Small)).Code);
    }

    [Fact]
    public async Task Policies_and_their_bindings_cannot_be_forbidden_by_policies()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.ValidateAsync(server, """
            {"matchConstraints":{"resourceRules":[{"apiGroups":["*"],"apiVersions":["*"],"operations":["*"],"resources":["*"]}]},"validations":[{"expression":"false"}]}
            """);

        var (code, _, _) = await server.SendAsync("DELETE", "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/p");

        Assert.Equal(200, code);
    }
}
