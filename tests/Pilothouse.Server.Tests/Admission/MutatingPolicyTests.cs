namespace Pilothouse.Server.Tests.Admission;

public sealed class MutatingPolicyTests
{
    private const string Small = """{"metadata":{"name":"a"},"data":{"k":"1"}}""";

    [Fact]
    public async Task A_configuration_is_merged_into_the_object()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.MutateAsync(server, """
            {"reinvocationPolicy":"Never",
             "variables":[{"name":"team","expression":"'team-' + request.userInfo.username"}],
             "matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"]}]},
             "mutations":[{"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{metadata: Object.metadata{labels: {'team': variables.team}}, spec: Object.spec{priority: 7, containers: [Object.spec.containers{name: 'b', image: 'other'}]}}"}}]}
            """);

        var (code, pod, _) = await PolicyServer.CreateAsync(server, """
            {"metadata":{"name":"a","labels":{"l":"v"}},"spec":{"containers":[{"name":"a","image":"i"},{"name":"b","image":"i","args":["x"]}]}}
            """, "/api/v1/namespaces/n/pods");

        Assert.True(code == 201, pod.ToJsonString());
        Assert.Equal("""{"l":"v","team":"team-admin"}""", pod["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal(7, (int)pod["spec"]!["priority"]!);
        var containers = pod["spec"]!["containers"]!.AsArray();
        Assert.Equal(2, containers.Count);
        Assert.Equal("other", (string?)containers.Single(c => (string?)c!["name"] == "b")!["image"]);
        Assert.Equal("""["x"]""", containers.Single(c => (string?)c!["name"] == "b")!["args"]!.ToJsonString());
        server.AssertNoFaults();
    }

    [Fact]
    public async Task A_configuration_cannot_replace_a_list_that_is_one_whole()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.MutateAsync(server, """
            {"reinvocationPolicy":"Never",
             "matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"]}]},
             "mutations":[{"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{spec: Object.spec{tolerations: [Object.spec.tolerations{key: 'x', operator: 'Exists'}]}}"}}]}
            """);

        var (code, answer, _) = await PolicyServer.CreateAsync(server, """
            {"metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"i"}]}}
            """, "/api/v1/namespaces/n/pods");

        Assert.Equal(403, code);
        Assert.EndsWith(
            "invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.tolerations", (string)answer["message"]!,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_is_applied_to_the_object()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.MutateAsync(server, """
            {"reinvocationPolicy":"Never","mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":
              "[JSONPatch{op: 'test', path: '/data/k', value: '1'}, JSONPatch{op: 'add', path: '/data/' + jsonpatch.escapeKey('by~me'), value: request.operation}, JSONPatch{op: 'add', path: '/metadata/annotations', value: {'a': 'b'}}]"}}]}
            """);

        var (code, made, _) = await PolicyServer.CreateAsync(server, Small);

        Assert.True(code == 201 || code == 422, made.ToJsonString());
        if (code == 422)
            Assert.Contains("by~me", (string)made["message"]!, StringComparison.Ordinal);
        else
            Assert.Equal("b", (string?)made["metadata"]!["annotations"]!["a"]);
    }

    [Fact]
    public async Task A_patch_whose_test_fails_changes_nothing()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.MutateAsync(server, """
            {"reinvocationPolicy":"Never","mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":
              "[JSONPatch{op: 'test', path: '/data/k', value: '2'}, JSONPatch{op: 'add', path: '/data/x', value: 'y'}]"}}]}
            """);

        var (code, made, _) = await PolicyServer.CreateAsync(server, Small);

        Assert.True(code == 201, made.ToJsonString());
        Assert.Equal("""{"k":"1"}""", made["data"]!.ToJsonString());
    }

    [Theory]
    [InlineData("Never", "1")]
    [InlineData("IfNeeded", "12")]
    public async Task A_policy_is_asked_again_after_another_changed_the_object(string policy, string expected)
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.MutateAsync(server, $$$"""
            {"reinvocationPolicy":"{{{policy}}}","mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":
              "[JSONPatch{op: 'add', path: '/data/n', value: ('n' in object.data ? object.data.n : '') + ('late' in object.data ? '2' : '1')}]"}}]}
            """, name: "first");
        await PolicyServer.MutateAsync(server, """
            {"reinvocationPolicy":"Never","mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'add', path: '/data/late', value: 'yes'}]"}}]}
            """, name: "second");

        var (code, made, _) = await PolicyServer.CreateAsync(server, Small);

        Assert.True(code == 201, made.ToJsonString());
        Assert.Equal(expected, (string?)made["data"]!["n"]);
        Assert.Equal("yes", (string?)made["data"]!["late"]);
        server.AssertNoFaults();
    }

    [Theory]
    [InlineData("Fail", 403)]
    [InlineData("Ignore", 201)]
    public async Task What_cannot_be_patched_is_refused_unless_failures_are_ignored(string failurePolicy, int expected)
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.MutateAsync(server, $$$"""
            {"reinvocationPolicy":"Never","failurePolicy":"{{{failurePolicy}}}","mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'remove', path: '/data/none'}]"}}]}
            """);

        Assert.Equal(expected, (await PolicyServer.CreateAsync(server, Small)).Code);
    }

    [Fact]
    public async Task Validating_policies_see_what_mutating_ones_made_and_each_parameter_is_applied()
    {
        await using var server = await PolicyServer.StartAsync();
        await PolicyServer.CreateAsync(server, """{"metadata":{"name":"x","labels":{"for":"p"}},"data":{"key":"one"}}""", "/api/v1/namespaces/params/configmaps");
        await PolicyServer.CreateAsync(server, """{"metadata":{"name":"y","labels":{"for":"p"}},"data":{"key":"two"}}""", "/api/v1/namespaces/params/configmaps");
        await PolicyServer.MutateAsync(server, """
            {"reinvocationPolicy":"Never","paramKind":{"apiVersion":"v1","kind":"ConfigMap"},
             "mutations":[{"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{metadata: Object.metadata{labels: {params.data.key: 'set'}}}"}}]}
            """, """{"paramRef":{"namespace":"params","selector":{"matchLabels":{"for":"p"}},"parameterNotFoundAction":"Deny"}}""");
        await PolicyServer.ValidateAsync(server, """{"validations":[{"expression":"object.metadata.labels.one == 'set' && object.metadata.labels.two == 'set'"}]}""");

        var (code, made, _) = await PolicyServer.CreateAsync(server, Small);

        Assert.True(code == 201, made.ToJsonString());
        Assert.Equal("""{"one":"set","two":"set"}""", made["metadata"]!["labels"]!.ToJsonString());
    }

    [Fact]
    public async Task A_webhook_whose_conditions_do_not_match_is_not_called()
    {
        await using var server = await PolicyServer.StartAsync();
        var (code, body, _) = await server.SendAsync("POST", "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", """
            {"metadata":{"name":"w"},"webhooks":[{"name":"w.example.com","admissionReviewVersions":["v1"],"sideEffects":"None","timeoutSeconds":1,
              "clientConfig":{"url":"https://127.0.0.1:1/"},
              "rules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["*"],"resources":["configmaps"]}],
              "matchConditions":[{"name":"other","expression":"object.metadata.name == 'asked'"}]}]}
            """);
        Assert.True(code == 201, body?.ToJsonString());
        await server.SendAsync("GET", "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations");

        Assert.Equal(201, (await PolicyServer.CreateAsync(server, Small)).Code);
        Assert.Equal(500, (await PolicyServer.CreateAsync(server, """{"metadata":{"name":"asked"}}""")).Code);
    }
}
