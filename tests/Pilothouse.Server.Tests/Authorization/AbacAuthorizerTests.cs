using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Abac;

namespace Pilothouse.Server.Tests.Authorization;

public sealed class AbacAuthorizerTests
{
    private const string Policies = """
        # who may do what
        {"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"user":"alice","namespace":"*","resource":"*","apiGroup":"*"}}
        {"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"user":"bob","namespace":"a","resource":"pods","readonly":true}}

        {"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"group":"ops","nonResourcePath":"/healthz/*"}}
        {"user":"old","resource":"pods","namespace":"b"}
        {"readonly":true,"user":"*","resource":"events"}
        """;

    private static AuthorizationAttributes Question(string user, string verb, string resource, string ns, string path, params string[] groups) => new()
    {
        User = new(user, "", groups),
        Verb = verb,
        IsResourceRequest = path.Length == 0,
        Resource = resource,
        Namespace = ns,
        Path = path,
        Group = "apps",
    };

    [Theory]
    [InlineData("alice", "delete", "anything", "x", "", "", true)]
    [InlineData("alice", "get", "", "", "/healthz", "", false)]
    [InlineData("bob", "get", "pods", "a", "", "", false)]
    [InlineData("carol", "get", "", "", "/healthz/etcd", "ops", true)]
    [InlineData("carol", "get", "", "", "/healthz/", "ops", true)]
    [InlineData("carol", "get", "", "", "/healthz", "ops", false)]
    [InlineData("carol", "get", "", "", "/healthz/etcd", "dev", false)]
    [InlineData("old", "delete", "pods", "b", "", "", true)]
    [InlineData("old", "delete", "pods", "a", "", "", false)]
    [InlineData("dave", "list", "events", "a", "", "system:authenticated", true)]
    [InlineData("dave", "create", "events", "a", "", "system:authenticated", false)]
    [InlineData("dave", "list", "events", "a", "", "system:unauthenticated", false)]
    public async Task A_policy_allows_what_it_says(string user, string verb, string resource, string ns, string path, string group, bool allowed)
    {
        var (authorizer, faults) = AbacAuthorizer.Parse(Policies);
        Assert.Empty(faults);
        var decision = await authorizer.AuthorizeAsync(Question(user, verb, resource, ns, path, group), CancellationToken.None);
        Assert.Equal(allowed ? AuthorizationDecision.Allow() : AuthorizationDecision.NoOpinion("No policy matched."), decision);
    }

    [Fact]
    public async Task Groups_of_resources_count()
    {
        var (authorizer, _) = AbacAuthorizer.Parse(Policies);
        var question = Question("bob", "get", "pods", "a", "") with { Group = "" };
        Assert.True((await authorizer.AuthorizeAsync(question, CancellationToken.None)).IsAllowed);
        Assert.False((await authorizer.AuthorizeAsync(question with { Verb = "update" }, CancellationToken.None)).IsAllowed);
        var rules = await authorizer.RulesForAsync(question.User, "a", CancellationToken.None);
        var rule = Assert.Single(rules.Rules);
        Assert.Equal((string[])["get", "list", "watch"], rule.Verbs);
    }

    [Fact]
    public void Every_faulty_line_is_named()
    {
        var (_, faults) = AbacAuthorizer.Parse("{\n[]\n{\"kind\":\"Policy\",\"apiVersion\":\"v9\"}\n{\"user\":\"a\",\"user\":\"b\"}");
        Assert.Equal(4, faults.Count);
        Assert.StartsWith("line 1: ", faults[0], StringComparison.Ordinal);
        Assert.Equal("line 2: it is no JSON object", faults[1]);
        Assert.Equal("line 3: unrecognized object: v9, Kind=Policy", faults[2]);
    }
}
