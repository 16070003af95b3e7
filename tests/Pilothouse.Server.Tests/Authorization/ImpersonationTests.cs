using CsCheck;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Tests.Authorization;

public sealed class ImpersonationTests
{
    private const string Review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private const string Path = "/api/v1/namespaces/a/configmaps";
    private const string Everything = """[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]},{"verbs":["*"],"nonResourceURLs":["*"]}]""";

    private static string Rule(string verb, string group, string resources, string names = "") =>
        $$"""{"verbs":["{{verb}}"],"apiGroups":["{{group}}"],"resources":["{{resources}}"]{{(names.Length == 0 ? "" : $",\"resourceNames\":[\"{names}\"]")}}}""";

    [Theory]
    [InlineData("Impersonate-User", "bob", "configmaps is forbidden: User \"alice\" cannot impersonate-on:user-info:list resource \"configmaps\" in API group \"\" in the namespace \"a\"")]
    [InlineData("Impersonate-User", "system:serviceaccount:a:b", "configmaps is forbidden: User \"alice\" cannot impersonate-on:serviceaccount:list resource \"configmaps\" in API group \"\" in the namespace \"a\"")]
    [InlineData("Impersonate-User", "system:node:n", "configmaps is forbidden: User \"alice\" cannot impersonate-on:arbitrary-node:list resource \"configmaps\" in API group \"\" in the namespace \"a\"")]
    public async Task Who_may_not_impersonate_is_told_so(string header, string value, string text)
    {
        await using var server = await AuthorizedServer.StartAsync();
        var (code, body) = await server.SendAsync("GET", Path, "alice", headers: (header, value));
        Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
    }

    [Theory]
    [InlineData("Impersonate-Group", "g", """requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"g"}, Extra:map[string][]string(nil)} without impersonating a user name""")]
    [InlineData("Impersonate-Uid", "u", """requested &user.DefaultInfo{Name:"", UID:"u", Groups:[]string(nil), Extra:map[string][]string(nil)} without impersonating a user name""")]
    [InlineData("Impersonate-Extra-Scopes", "s", """requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string(nil), Extra:map[string][]string{"scopes":[]string{"s"}}} without impersonating a user name""")]
    public async Task Without_a_user_there_is_nobody_to_impersonate(string header, string value, string text)
    {
        await using var server = await AuthorizedServer.StartAsync();
        var (code, body) = await server.SendAsync("GET", Path, headers: (header, value));
        Assert.Equal((400, text), (code, AuthorizedServer.MessageOf(body)));
    }

    [Fact]
    public async Task Each_of_user_groups_uid_and_extras_needs_the_verb_impersonate()
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("alice", $"[{Rule("impersonate", "", "users", "bob")},{Rule("impersonate", "", "groups", "dev")},{Rule("impersonate", "authentication.k8s.io", "uids", "u1")},{Rule("impersonate", "authentication.k8s.io", "userextras/scopes", "a")}]");
        await server.GrantAsync("bob", $"[{Rule("list", "", "configmaps")}]", "a");
        Assert.Equal(200, (await server.SendAsync("GET", Path, "alice", headers: ("Impersonate-User", "bob"))).Code);
        Assert.Equal(200, (await server.SendAsync(
            "GET", Path, "alice", headers: [("Impersonate-User", "bob"), ("Impersonate-Group", "dev"), ("Impersonate-Uid", "u1"), ("Impersonate-Extra-Scopes", "a")])).Code);

        // Having impersonated in the old way, the caller is refused in the old way.
        foreach (var (name, value, text) in ((string, string, string)[])
            [
                ("Impersonate-Group", "qa", "groups \"qa\" is forbidden: User \"alice\" cannot impersonate resource \"groups\" in API group \"\" at the cluster scope"),
                ("Impersonate-Group", "system:masters", "groups \"system:masters\" is forbidden: User \"alice\" cannot impersonate resource \"groups\" in API group \"\" at the cluster scope"),
                ("Impersonate-Uid", "u2", "uids.authentication.k8s.io \"u2\" is forbidden: User \"alice\" cannot impersonate resource \"uids\" in API group \"authentication.k8s.io\" at the cluster scope"),
                ("Impersonate-Extra-Scopes", "b", "userextras.authentication.k8s.io \"b\" is forbidden: User \"alice\" cannot impersonate resource \"userextras/scopes\" in API group \"authentication.k8s.io\" at the cluster scope"),
                ("Impersonate-Extra-Other", "a", "userextras.authentication.k8s.io \"a\" is forbidden: User \"alice\" cannot impersonate resource \"userextras/other\" in API group \"authentication.k8s.io\" at the cluster scope"),
            ])
        {
            var (code, body) = await server.SendAsync("GET", Path, "alice", headers: [("Impersonate-User", "bob"), (name, value)]);
            Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
        }
        // And what bob may not do alice may not do for him.
        var (refused, answer) = await server.SendAsync("GET", "/api/v1/namespaces/a/secrets", "alice", headers: ("Impersonate-User", "bob"));
        Assert.Equal(
            (403, "secrets is forbidden: User \"bob\" cannot list resource \"secrets\" in API group \"\" in the namespace \"a\""),
            (refused, AuthorizedServer.MessageOf(answer)));
    }

    [Fact]
    public async Task Constrained_impersonation_is_for_some_verbs_only_and_never_for_masters()
    {
        await using var server = await AuthorizedServer.StartAsync();
        await server.GrantAsync("alice", $"[{Rule("impersonate:user-info", "authentication.k8s.io", "users", "bob")},{Rule("impersonate:user-info", "authentication.k8s.io", "groups")}]");
        await server.GrantAsync("alice", $"[{Rule("impersonate-on:user-info:list", "", "configmaps")}]", "a");
        await server.GrantAsync("bob", Everything);
        Assert.Equal(200, (await server.SendAsync("GET", Path, "alice", headers: ("Impersonate-User", "bob"))).Code);
        var (code, body) = await server.SendAsync("GET", Path + "/x", "alice", headers: ("Impersonate-User", "bob"));
        Assert.Equal(
            (403, "configmaps \"x\" is forbidden: User \"alice\" cannot impersonate-on:user-info:get resource \"configmaps\" in API group \"\" in the namespace \"a\""),
            (code, AuthorizedServer.MessageOf(body)));
        (code, body) = await server.SendAsync("GET", Path, "alice", headers: [("Impersonate-User", "bob"), ("Impersonate-Group", "system:masters")]);
        Assert.Equal(
            (403, "groups.authentication.k8s.io \"system:masters\" is forbidden: User \"alice\" cannot impersonate:user-info resource \"groups\" in API group \"authentication.k8s.io\" at the cluster scope: impersonating the system:masters group is not allowed"),
            (code, AuthorizedServer.MessageOf(body)));
    }

    [Fact]
    public async Task A_service_account_may_be_its_own_node()
    {
        await using var server = await AuthorizedServer.StartAsync(parts => parts with { Authenticators = [new PodAccount()] });
        await server.GrantAsync("system:serviceaccount:a:agent", $"[{Rule("impersonate:associated-node", "authentication.k8s.io", "nodes", "*")},{Rule("impersonate-on:associated-node:get", "", "nodes")}]");
        // A node that is not there is not found; that it was looked for is what counts.
        Assert.Equal(404, (await server.SendAsync("GET", "/api/v1/nodes/mine", "agent", headers: ("Impersonate-User", "system:node:mine"))).Code);
        Assert.Equal(403, (await server.SendAsync("GET", "/api/v1/nodes/other", "agent", headers: ("Impersonate-User", "system:node:other"))).Code);
    }

    [Fact]
    public async Task An_impersonated_user_is_authenticated_unless_it_is_said_otherwise()
    {
        await using var server = await AuthorizedServer.StartAsync();
        const string Body = """{"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}""";
        await server.CreateAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"ask"},"rules":[{"verbs":["create"],"apiGroups":["authorization.k8s.io"],"resources":["*"]}]}""");
        await server.CreateAsync("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """{"metadata":{"name":"ask"},"subjects":[{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"system:authenticated"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"ask"}}""");
        Assert.Equal(201, (await server.SendAsync("POST", Review, body: Body, headers: ("Impersonate-User", "bob"))).Code);
        Assert.Equal(403, (await server.SendAsync("POST", Review, body: Body, headers: ("Impersonate-User", "system:anonymous"))).Code);
        Assert.Equal(403, (await server.SendAsync("POST", Review, body: Body, headers: [("Impersonate-User", "bob"), ("Impersonate-Group", "system:unauthenticated")])).Code);
    }

    private static readonly Gen<string> s_values = Gen.OneOf(
        Choice.Of("bob", "system:masters", "system:node:n", "system:serviceaccount:a:b", "system:serviceaccount::", "", "*", "%2f", "a/b", ".."),
        Gen.String[Gen.Char[' ', '~'], 0, 40]);

    private static readonly Gen<(string, string)> s_headers = Gen.Select(
        Choice.Of("Impersonate-User", "Impersonate-Group", "Impersonate-Uid", "Impersonate-Extra-a", "Impersonate-Extra-", "Impersonate-Extra-%zz", "IMPERSONATE-USER", "Impersonate-Other", "impersonate-extra-A%2fb"),
        s_values);

    [Fact]
    public async Task No_header_breaks_the_server_or_opens_it()
    {
        await using var server = await AuthorizedServer.StartAsync();
        await s_headers.Array[1, 5].SampleAsync(async headers =>
        {
            var (code, _) = await server.SendAsync("GET", Path, "alice", headers: headers);
            Assert.True(code is 400 or 403, $"{code}: {string.Join(", ", headers)}");
        }, iter: 300, threads: 1);
        server.Inner.AssertNoFaults();
    }

    private sealed class PodAccount : IAuthenticator
    {
        public ValueTask<Outcome<UserInfo?>> AuthenticateAsync(
            ApiRequest request, CancellationToken cancellationToken) =>
            new(request.Http.Request.Headers["X-User"].ToString().Length == 0
                ? new UserInfo("admin", "", [UserInfo.Masters])
                : new UserInfo(
                    "system:serviceaccount:a:agent", "", [UserInfo.Authenticated],
                    new Dictionary<string, IReadOnlyList<string>> { ["authentication.kubernetes.io/node-name"] = ["mine"] }));
    }
}
