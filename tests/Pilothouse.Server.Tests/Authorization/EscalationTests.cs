namespace Pilothouse.Server.Tests.Authorization;

public sealed class EscalationTests
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string Writes = """[{"verbs":["*"],"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles","rolebindings","clusterroles","clusterrolebindings"]}]""";

    /// <summary>alice may write everything of RBAC, but for the verbs bind and escalate, and hold pods alone.</summary>
    private const string Alice = """
        [{"verbs":["get","list","create","update","patch","delete"],"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles","rolebindings","clusterroles","clusterrolebindings"]},
         {"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}]
        """;

    private const string Secrets = """[{"verbs":["get","list"],"apiGroups":[""],"resources":["secrets"]}]""";
    private const string Apply = "application/apply-patch+yaml";
    private const string Pods = """[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]""";

    private const string Refusal =
        "user \"alice\" (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n"
        + """{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}""";

    private static string Binding(string kind, string name, string roleKind, string role) => $$$"""
        {"kind":"{{{kind}}}","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"{{{name}}}"},
         "subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"alice"}],
         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{{roleKind}}}","name":"{{{role}}}"}}
        """;

    [Theory]
    [InlineData("roles", "/namespaces/a/roles")]
    [InlineData("clusterroles", "/clusterroles")]
    public async Task Nobody_writes_a_role_with_rules_that_they_do_not_hold(string resource, string path)
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("alice", Alice);
        path = Rbac + path;
        var kind = resource == "roles" ? "Role" : "ClusterRole";
        var withSecrets = $$"""{"kind":"{{kind}}","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"r"},"rules":{{Secrets}}}""";
        var withPods = $$"""{"kind":"{{kind}}","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"r"},"rules":{{Pods}}}""";
        var text = $"{resource}.rbac.authorization.k8s.io \"r\" is forbidden: {Refusal}";

        // By creating it, or replacing what is not there.
        var (code, body) = await server.SendAsync("POST", path, "alice", withSecrets);
        Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
        (code, body) = await server.SendAsync("PUT", $"{path}/r", "alice", withSecrets);
        Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
        // What one holds one may grant.
        Assert.Equal(201, (await server.SendAsync("POST", path, "alice", withPods)).Code);

        // By every way of changing it.
        (code, body) = await server.SendAsync("PUT", $"{path}/r", "alice", withSecrets);
        Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
        foreach (var (type, patch) in ((string, string)[])
            [
                ("application/merge-patch+json", $$"""{"rules":{{Secrets}}}"""),
                ("application/strategic-merge-patch+json", $$"""{"rules":{{Secrets}}}"""),
                ("application/json-patch+json", $$"""[{"op":"replace","path":"/rules","value":{{Secrets}}}]"""),
            ])
        {
            (code, body) = await server.SendAsync("PATCH", $"{path}/r", "alice", patch, type);
            Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
        }
        (code, body) = await server.SendAsync("PATCH", $"{path}/r?fieldManager=m&force=true", "alice", withSecrets, Apply);
        Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
        (code, body) = await server.SendAsync("PATCH", $"{path}/new?fieldManager=m", "alice", withSecrets.Replace("\"r\"", "\"new\"", StringComparison.Ordinal), Apply);
        Assert.Equal((403, text.Replace("\"r\"", "\"new\"", StringComparison.Ordinal)), (code, AuthorizedServer.MessageOf(body)));
        // A dry run tells no other story.
        Assert.Equal(403, (await server.SendAsync("PUT", $"{path}/r?dryRun=All", "alice", withSecrets)).Code);
        server.Inner.AssertNoFaults();
    }

    [Fact]
    public async Task The_verb_escalate_on_a_role_lets_one_write_anything_into_it()
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("alice", Alice);
        await server.GrantAsync("alice", """[{"verbs":["escalate"],"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"resourceNames":["mine"]}]""");
        await server.CreateAsync($"{Rbac}/clusterroles", """{"metadata":{"name":"mine"}}""");
        await server.CreateAsync($"{Rbac}/clusterroles", """{"metadata":{"name":"other"}}""");
        var patch = $$"""{"rules":{{Secrets}}}""";
        Assert.Equal(200, (await server.SendAsync("PATCH", $"{Rbac}/clusterroles/mine", "alice", patch, "application/merge-patch+json")).Code);
        Assert.Equal(403, (await server.SendAsync("PATCH", $"{Rbac}/clusterroles/other", "alice", patch, "application/merge-patch+json")).Code);
        // A name in the body gives no right to create it.
        Assert.Equal(403, (await server.SendAsync("POST", $"{Rbac}/clusterroles", "alice", $$"""{"metadata":{"name":"mine"},"rules":{{Secrets}}}""")).Code);
    }

    [Theory]
    [InlineData("rolebindings", "/namespaces/a/rolebindings", "RoleBinding")]
    [InlineData("clusterrolebindings", "/clusterrolebindings", "ClusterRoleBinding")]
    public async Task Nobody_binds_a_role_whose_rules_they_do_not_hold(string resource, string path, string kind)
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("alice", Alice);
        await server.CreateAsync($"{Rbac}/clusterroles", $$"""{"metadata":{"name":"secret-reader"},"rules":{{Secrets}}}""");
        await server.CreateAsync($"{Rbac}/clusterroles", $$"""{"metadata":{"name":"pod-reader"},"rules":{{Pods}}}""");
        path = Rbac + path;
        var text = $"{resource}.rbac.authorization.k8s.io \"b\" is forbidden: {Refusal}";
        var (code, body) = await server.SendAsync("POST", path, "alice", Binding(kind, "b", "ClusterRole", "secret-reader"));
        Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
        (code, body) = await server.SendAsync("PUT", $"{path}/b", "alice", Binding(kind, "b", "ClusterRole", "secret-reader"));
        Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
        (code, body) = await server.SendAsync("POST", path, "alice", Binding(kind, "b", "ClusterRole", "missing"));
        Assert.Equal((404, $"{resource}.rbac.authorization.k8s.io \"missing\" not found"), (code, AuthorizedServer.MessageOf(body)));
        (code, body) = await server.SendAsync("PATCH", $"{path}/b?fieldManager=m", "alice", Binding(kind, "b", "ClusterRole", "secret-reader"), Apply);
        Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
        Assert.Equal(201, (await server.SendAsync("POST", path, "alice", Binding(kind, "b", "ClusterRole", "pod-reader"))).Code);

        // Somebody else's binding cannot be turned to oneself.
        await server.CreateAsync(path, Binding(kind, "c", "ClusterRole", "secret-reader").Replace("alice", "root", StringComparison.Ordinal));
        (code, body) = await server.SendAsync(
            "PATCH", $"{path}/c", "alice", """[{"op":"replace","path":"/subjects/0/name","value":"alice"}]""", "application/json-patch+json");
        Assert.Equal(403, code);
        (code, body) = await server.SendAsync(
            "PATCH", $"{path}/c?fieldManager=m&force=true", "alice", Binding(kind, "c", "ClusterRole", "secret-reader"), Apply);
        Assert.Equal((403, text.Replace("\"b\"", "\"c\"", StringComparison.Ordinal)), (code, AuthorizedServer.MessageOf(body)));
        // What changes nothing, or nothing but finalizers, is no grant.
        Assert.Equal(200, (await server.SendAsync("PATCH", $"{path}/c", "alice", "{}", "application/merge-patch+json")).Code);
        Assert.Equal(200, (await server.SendAsync(
            "PATCH", $"{path}/c", "alice", """{"metadata":{"finalizers":["example.com/f"]}}""", "application/merge-patch+json")).Code);
    }

    [Fact]
    public async Task The_verb_bind_on_a_role_lets_one_bind_it_where_the_right_holds()
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("alice", Writes, "a");
        await server.GrantAsync("bob", Alice);
        await server.GrantAsync("bob", """[{"verbs":["bind"],"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"resourceNames":["secret-reader"]}]""", "a");
        await server.CreateAsync($"{Rbac}/clusterroles", $$"""{"metadata":{"name":"secret-reader"},"rules":{{Secrets}}}""");
        await server.CreateAsync($"{Rbac}/clusterroles", $$"""{"metadata":{"name":"other"},"rules":{{Secrets}}}""");
        Assert.Equal(201, (await server.SendAsync("POST", $"{Rbac}/namespaces/a/rolebindings", "bob", Binding("RoleBinding", "b", "ClusterRole", "secret-reader"))).Code);
        Assert.Equal(403, (await server.SendAsync("POST", $"{Rbac}/namespaces/b/rolebindings", "bob", Binding("RoleBinding", "b", "ClusterRole", "secret-reader"))).Code);
        Assert.Equal(403, (await server.SendAsync("POST", $"{Rbac}/namespaces/a/rolebindings", "bob", Binding("RoleBinding", "c", "ClusterRole", "other"))).Code);
        Assert.Equal(403, (await server.SendAsync("POST", $"{Rbac}/clusterrolebindings", "bob", Binding("ClusterRoleBinding", "b", "ClusterRole", "secret-reader"))).Code);
        // Every verb on roles holds bind and escalate too.
        Assert.Equal(201, (await server.SendAsync("POST", $"{Rbac}/namespaces/a/rolebindings", "alice", Binding("RoleBinding", "d", "ClusterRole", "other"))).Code);
    }

    [Fact]
    public async Task Only_who_holds_everything_says_what_is_gathered_into_a_role()
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("alice", Alice);
        await server.GrantAsync("root", """[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]},{"verbs":["*"],"nonResourceURLs":["*"]}]""");
        const string Role = """{"metadata":{"name":"g"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]}}""";
        var (code, body) = await server.SendAsync("POST", $"{Rbac}/clusterroles", "alice", Role);
        Assert.Equal(
            (403, "clusterroles.rbac.authorization.k8s.io \"g\" is forbidden: must have cluster-admin privileges to use the aggregationRule"),
            (code, AuthorizedServer.MessageOf(body)));
        Assert.Equal(201, (await server.SendAsync("POST", $"{Rbac}/clusterroles", "root", Role)).Code);
        // Nor may anybody else take that away.
        Assert.Equal(403, (await server.SendAsync(
            "PATCH", $"{Rbac}/clusterroles/g", "alice", """{"aggregationRule":null}""", "application/merge-patch+json")).Code);
    }

    [Fact]
    public async Task A_refusal_says_which_roles_could_not_be_found()
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("alice", Alice);
        await server.CreateAsync($"{Rbac}/clusterrolebindings", Binding("ClusterRoleBinding", "dangling", "ClusterRole", "gone"));
        var (code, body) = await server.SendAsync("POST", $"{Rbac}/clusterroles", "alice", $$"""{"metadata":{"name":"r"},"rules":{{Secrets}}}""");
        Assert.Equal(
            (403, $"clusterroles.rbac.authorization.k8s.io \"r\" is forbidden: {Refusal}; resolution errors: [clusterroles.rbac.authorization.k8s.io \"gone\" not found]"),
            (code, AuthorizedServer.MessageOf(body)));
    }
}
