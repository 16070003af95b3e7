using CsCheck;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Rbac;

namespace Pilothouse.Server.Tests.Authorization;

public sealed class RbacAuthorizerTests
{
    private static readonly Gen<string[]> s_verbs = Choice.Of("get", "list", "update", "*").Array[1, 3];
    private static readonly Gen<string[]> s_groups = Choice.Of("", "apps", "*").Array[1, 2];
    private static readonly Gen<string[]> s_resources = Choice.Of("pods", "pods/log", "*/log", "secrets", "*", "a/b").Array[0, 3];
    private static readonly Gen<string[]> s_names = Choice.Of("x", "y", "").Array[0, 2];
    private static readonly Gen<string[]> s_urls = Choice.Of("/healthz", "/api/*", "*", "/a").Array[0, 2];

    private static readonly Gen<PolicyRule> s_rules = Gen.Select(s_verbs, s_groups, s_resources, s_names, s_urls).Select(r => new PolicyRule
    {
        Verbs = r.Item1,
        ApiGroups = r.Item2,
        Resources = r.Item3,
        ResourceNames = r.Item4,
        NonResourceUrls = r.Item5,
    });

    private static readonly Gen<AuthorizationAttributes> s_questions = Gen.Select(
        Choice.Of("get", "list", "update", "delete"), Choice.Of("", "apps", "batch"), Choice.Of("pods", "secrets", "a", "*"),
        Choice.Of("", "log", "b", "*"), Choice.Of("", "x", "y", "z"), Choice.Of("/healthz", "/api/v1", "/b", "/a/"), Gen.Bool)
        .Select(q => new AuthorizationAttributes
        {
            User = new("u", "", []),
            Verb = q.Item1,
            Group = q.Item2,
            Resource = q.Item3,
            Subresource = q.Item4,
            Name = q.Item5,
            Path = q.Item6,
            IsResourceRequest = q.Item7,
        });

    /// <summary>The rule as upstream's documentation says it, one rule after the other.</summary>
    private static bool AllowsPlainly(IEnumerable<PolicyRule> rules, AuthorizationAttributes q) => rules.Any(r =>
    {
        if (!r.Verbs.Contains("*") && !r.Verbs.Contains(q.Verb))
            return false;
        if (!q.IsResourceRequest)
            return r.NonResourceUrls.Any(u => u == "*" || u == q.Path || (u.EndsWith('*') && q.Path.StartsWith(u.TrimEnd('*'), StringComparison.Ordinal)));
        var resource = q.Subresource.Length > 0 ? $"{q.Resource}/{q.Subresource}" : q.Resource;
        return (r.ApiGroups.Contains("*") || r.ApiGroups.Contains(q.Group))
            && r.Resources.Any(x => x == "*" || x == resource || (q.Subresource.Length > 0 && x == $"*/{q.Subresource}"))
            && (r.ResourceNames.Length == 0 || r.ResourceNames.Contains(q.Name));
    });

    [Fact]
    public void Compiled_rules_say_what_the_rules_say() =>
        Gen.Select(s_rules.Array[0, 12], s_questions).Sample((rules, question) =>
        {
            var set = new RuleSet(rules.Select(r => (r, (RbacBinding?)null)));
            Span<char> room = stackalloc char[RbacQuestion.Room];
            Assert.Equal(AllowsPlainly(rules, question), set.Allows(new(question, room), out _));
        });

    [Fact]
    public void Names_longer_than_the_room_are_compared_too()
    {
        var sub = new string('s', 300);
        var set = new RuleSet([(new() { Verbs = ["get"], ApiGroups = [""], Resources = [$"*/{sub}"] }, null)]);
        var question = new AuthorizationAttributes { User = new("u", "", []), Verb = "get", IsResourceRequest = true, Resource = "pods", Subresource = sub };
        Span<char> room = stackalloc char[RbacQuestion.Room];
        Assert.True(set.Allows(new(question, room), out _));
        Assert.False(set.Allows(new(question with { Subresource = sub + "s" }, room), out _));
    }

    [Fact]
    public void Whatever_covers_every_part_of_a_rule_allows_all_that_it_allows() =>
        Gen.Select(s_rules.Array[0, 6], s_rules, s_questions).Sample((owned, wanted, question) =>
        {
            if (RuleCoverage.Missing(owned, [wanted]).Count == 0 && AllowsPlainly([wanted], question))
                Assert.True(AllowsPlainly(owned, question));
        });

    [Theory]
    [InlineData("get", "pods", "", true)]
    [InlineData("list", "pods", "", true)]
    [InlineData("get", "pods", "log", false)]
    [InlineData("delete", "pods", "", false)]
    public void A_role_allows_its_verbs_on_its_resources(string verb, string resource, string subresource, bool allowed)
    {
        var set = new RuleSet([(new() { Verbs = ["get", "list"], ApiGroups = [""], Resources = ["pods"] }, null)]);
        var question = new AuthorizationAttributes
        {
            User = new("u", "", []),
            Verb = verb,
            IsResourceRequest = true,
            Resource = resource,
            Subresource = subresource,
        };
        Span<char> room = stackalloc char[RbacQuestion.Room];
        Assert.Equal(allowed, set.Allows(new(question, room), out _));
    }

    [Fact]
    public void What_is_missing_is_put_together_by_resource()
    {
        var missing = RuleCoverage.Missing(
            [new() { Verbs = ["get"], ApiGroups = [""], Resources = ["pods"] }],
            [new() { Verbs = ["get", "list", "delete"], ApiGroups = [""], Resources = ["pods", "secrets"] }, new() { Verbs = ["get"], NonResourceUrls = ["/x"] }]);
        Assert.Equal(
            [
                """{APIGroups:[""], Resources:["pods"], Verbs:["list" "delete"]}""",
                """{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list" "delete"]}""",
                """{NonResourceURLs:["/x"], Verbs:["get"]}""",
            ],
            RuleCoverage.Describe(missing));
    }
}
