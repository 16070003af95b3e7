using System.Text;
using CsCheck;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Rbac;
using Pilothouse.Server.Tests.Watching;

namespace Pilothouse.Server.Tests.Authorization;

public sealed class RbacPolicyTests
{
    private const string Prefix = "\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"metadata\":";

    private static AuthorizationAttributes Question(string user, string verb, string ns, params string[] groups) => new()
    {
        User = new(user, "", groups),
        Verb = verb,
        IsResourceRequest = true,
        Resource = "pods",
        Namespace = ns,
    };

    private static Task PutRoleAsync(CacheFixture fixture, string ns, string name, string? verb) => PutAsync(
        fixture,
        ns.Length == 0 ? $"/clusterroles/{name}" : $"/roles/{ns}/{name}",
        verb is null ? null : Encoding.UTF8.GetBytes(
            $$"""{"kind":"{{(ns.Length == 0 ? "ClusterRole" : "Role")}}",{{Prefix}}{"name":"{{name}}"},"rules":[{"verbs":["{{verb}}"],"apiGroups":[""],"resources":["pods"]}]}"""));

    private static Task PutBindingAsync(CacheFixture fixture, string ns, string name, string? subject, string role, string roleKind = "ClusterRole") =>
        PutAsync(
            fixture,
            ns.Length == 0 ? $"/clusterrolebindings/{name}" : $"/rolebindings/{ns}/{name}",
            subject is null ? null : Encoding.UTF8.GetBytes(
                $$$"""
                {"kind":"{{{(ns.Length == 0 ? "ClusterRoleBinding" : "RoleBinding")}}}",{{{Prefix}}}{"name":"{{{name}}}"{{{(ns.Length == 0 ? "" : $",\"namespace\":\"{ns}\"")}}}},
                "subjects":[{{{subject}}}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{{roleKind}}}","name":"{{{role}}}"}}
                """));

    /// <summary>Writes or deletes; to delete what is not there is nothing.</summary>
    private static async Task PutAsync(CacheFixture fixture, string key, byte[]? value)
    {
        if (value is not null || await fixture.Store.GetAsync(key, Revision.None, CancellationToken.None) is not null)
            await fixture.PutAsync(key, value);
    }

    private static string User(string name) => $$"""{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"{{name}}"}""";

    private static string Group(string name) => $$"""{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"{{name}}"}""";

    [Fact]
    public async Task A_binding_counts_from_the_moment_that_the_caches_have_it()
    {
        await using var fixture = new CacheFixture();
        var policy = new RbacPolicy(fixture.Caches);
        await PutRoleAsync(fixture, "", "reader", "get");
        await fixture.SettleAsync();
        Assert.False(policy.Current.Allows(Question("alice", "get", ""), out _));
        await PutBindingAsync(fixture, "", "b", User("alice"), "reader");
        await fixture.SettleAsync();
        Assert.True(policy.Current.Allows(Question("alice", "get", ""), out var binding));
        Assert.Equal(
            "RBAC: allowed by ClusterRoleBinding \"b\" of ClusterRole \"reader\" to User \"alice\"", binding!.ReasonFor(new("alice", "", [])));
        await PutRoleAsync(fixture, "", "reader", "list");
        await fixture.SettleAsync();
        Assert.False(policy.Current.Allows(Question("alice", "get", ""), out _));
        Assert.True(policy.Current.Allows(Question("alice", "list", ""), out _));
        await PutBindingAsync(fixture, "", "b", null, "reader");
        await fixture.SettleAsync();
        Assert.False(policy.Current.Allows(Question("alice", "list", ""), out _));
    }

    [Fact]
    public async Task A_role_binding_counts_in_its_namespace_alone()
    {
        await using var fixture = new CacheFixture();
        var policy = new RbacPolicy(fixture.Caches);
        await PutRoleAsync(fixture, "", "reader", "get");
        await PutRoleAsync(fixture, "a", "lister", "list");
        await PutBindingAsync(fixture, "a", "b", Group("dev"), "reader");
        await PutBindingAsync(fixture, "a", "c", """{"kind":"ServiceAccount","name":"bot"}""", "lister", "Role");
        await fixture.SettleAsync();
        Assert.True(policy.Current.Allows(Question("alice", "get", "a", "dev"), out var binding));
        Assert.Equal("RBAC: allowed by RoleBinding \"b/a\" of ClusterRole \"reader\" to Group \"dev\"", binding!.ReasonFor(new("alice", "", ["dev"])));
        Assert.False(policy.Current.Allows(Question("alice", "get", "", "dev"), out _));
        Assert.False(policy.Current.Allows(Question("alice", "get", "b", "dev"), out _));
        Assert.True(policy.Current.Allows(Question("system:serviceaccount:a:bot", "list", "a"), out binding));
        Assert.Equal(
            "RBAC: allowed by RoleBinding \"c/a\" of Role \"lister\" to ServiceAccount \"bot/a\"",
            binding!.ReasonFor(new("system:serviceaccount:a:bot", "", [])));
    }

    [Fact]
    public async Task A_refusal_names_roles_that_are_missing()
    {
        await using var fixture = new CacheFixture();
        var authorizer = new RbacAuthorizer(new(fixture.Caches), new(fixture.Caches, fixture.Time));
        await PutBindingAsync(fixture, "a", "b", User("alice"), "gone", "Role");
        var decision = await authorizer.AuthorizeAsync(Question("alice", "get", "a"), CancellationToken.None);
        Assert.Equal(AuthorizationDecision.NoOpinion("RBAC: role.rbac.authorization.k8s.io \"gone\" not found"), decision);
        await PutBindingAsync(fixture, "", "c", User("alice"), "away");
        decision = await authorizer.AuthorizeAsync(Question("alice", "get", "a"), CancellationToken.None);
        Assert.Equal(
            "RBAC: [clusterrole.rbac.authorization.k8s.io \"away\" not found, role.rbac.authorization.k8s.io \"gone\" not found]", decision.Reason);
        Assert.Equal("", (await authorizer.AuthorizeAsync(Question("bob", "get", "a"), CancellationToken.None)).Reason);
    }

    [Fact]
    public async Task A_right_that_was_just_given_is_not_refused()
    {
        await using var fixture = new CacheFixture();
        var authorizer = new RbacAuthorizer(new(fixture.Caches), new(fixture.Caches, fixture.Time));
        await PutRoleAsync(fixture, "", "reader", "get");
        for (var i = 0; i < 20; i++)
        {
            await PutBindingAsync(fixture, "", $"b{i}", User($"u{i}"), "reader");
            // Nothing waits for the caches here but the authorizer itself.
            Assert.True((await authorizer.AuthorizeAsync(Question($"u{i}", "get", ""), CancellationToken.None)).IsAllowed);
        }
    }

    private static readonly Gen<(int Kind, string Namespace, int Name, int Verb, int Who)> s_steps = Gen.Select(
        Gen.Int[0, 3], Choice.Of("", "a", "b"), Gen.Int[0, 6], Gen.Int[0, 2], Gen.Int[0, 4]);

    [Fact]
    public async Task Changes_taken_in_one_by_one_come_to_the_same_as_all_at_once()
    {
        string[] verbs = ["get", "list"];
        string[] subjects = [User("u0"), User("u1"), Group("g0"), $"{User("u0")},{Group("g1")}"];
        await s_steps.Array[1, 40].SampleAsync(async steps =>
        {
            await using var fixture = new CacheFixture();
            var followed = new RbacPolicy(fixture.Caches);
            foreach (var (kind, ns, name, verb, who) in steps)
            {
                if (kind == 0)
                    await PutRoleAsync(fixture, ns, $"r{name}", verb < 2 ? verbs[verb] : null);
                else
                    await PutBindingAsync(fixture, ns, $"b{name}", who < 4 ? subjects[who] : null, $"r{(name + who) % 7}", kind == 1 && ns.Length > 0 ? "Role" : "ClusterRole");
                await fixture.SettleAsync();
                _ = followed.Current;
            }
            var fresh = new RbacPolicy(fixture.Caches);
            foreach (var user in (string[])["u0", "u1", "u2"])
            {
                foreach (var ns in (string[])["", "a", "b", "c"])
                {
                    foreach (var verb in (string[])["get", "list", "delete"])
                    {
                        var question = Question(user, verb, ns, user == "u2" ? ["g0", "g1"] : []);
                        Assert.Equal(fresh.Current.Allows(question, out _), followed.Current.Allows(question, out _));
                        Assert.Equal(
                            RbacResolver.RulesFor(fresh.Current, question.User, ns, RbacResolver.AsListed).Errors,
                            RbacResolver.RulesFor(followed.Current, question.User, ns, RbacResolver.AsListed).Errors);
                    }
                }
            }
        }, iter: 30, threads: 1);
    }
}
