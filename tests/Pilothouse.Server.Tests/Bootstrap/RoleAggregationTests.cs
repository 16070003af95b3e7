using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Bootstrap;

namespace Pilothouse.Server.Tests.Bootstrap;

public sealed class RoleAggregationTests
{
    private static RoleAggregation.Role Role(string name, string labels, string rules, string selects = "") => new(
        name, labels.Length == 0 ? [] : labels.Split(','), (JsonArray)JsonNode.Parse(rules)!,
        [.. selects.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(s => LabelSelector.Parse(s).Value)]);

    [Fact]
    public void Roles_are_gathered_in_the_order_of_their_names_each_rule_once()
    {
        var gathered = RoleAggregation.Gather(
        [
            Role("a", "to,x", """[{"verbs":["get"]},{"verbs":["list"]}]"""),
            Role("b", "to,x", """[{"verbs":["list"]},{"verbs":["watch"]}]"""),
            Role("c", "to,y", """[{"verbs":["delete"]}]"""),
            Role("sum", "to,x", "[]", "to=x"),
        ]);
        Assert.Equal("""[{"verbs":["get"]},{"verbs":["list"]},{"verbs":["watch"]}]""", Assert.Single(gathered).Value.ToJsonString());
    }

    [Fact]
    public void Roles_may_be_gathered_from_gathered_roles_and_from_each_other()
    {
        var gathered = RoleAggregation.Gather(
        [
            Role("admin", "", "[]", "to=admin"),
            Role("edit", "to,admin", "[]", "to=edit"),
            Role("view", "to,edit", "[]", "to=view"),
            Role("view-pods", "to,view", """[{"verbs":["get"]}]"""),
            Role("x", "to,y", "[]", "to=x"),
            Role("y", "to,x", "[]", "to=y"),
        ]);
        Assert.Equal(["admin", "edit", "view"], gathered.Keys.Order());
        Assert.All(gathered.Values, r => Assert.Equal("""[{"verbs":["get"]}]""", r.ToJsonString()));
    }

    [Fact]
    public void A_role_that_is_what_it_should_be_is_left_alone() => Assert.Empty(RoleAggregation.Gather(
        [Role("a", "to,x", """[{"verbs":["get"]}]"""), Role("sum", "", """[{"verbs":["get"]}]""", "to=x")]));

    [Fact]
    public void What_was_lost_comes_back_and_what_was_added_stays()
    {
        var existing = (JsonObject)JsonNode.Parse("""
            {"metadata":{"labels":{"mine":"1"}},"rules":[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]},{"verbs":["get"],"apiGroups":["mine"],"resources":["x"]}]}
            """)!;
        var expected = (JsonObject)JsonNode.Parse("""
            {"metadata":{"labels":{"kubernetes.io/bootstrapping":"rbac-defaults"},"annotations":{"rbac.authorization.kubernetes.io/autoupdate":"true"}},
             "rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods","nodes"]}]}
            """)!;
        Assert.True(RbacReconciler.Restore(existing, expected));
        Assert.Equal(
            """{"metadata":{"labels":{"mine":"1","kubernetes.io/bootstrapping":"rbac-defaults"},"annotations":{"rbac.authorization.kubernetes.io/autoupdate":"true"}},"rules":[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]},{"verbs":["get"],"apiGroups":["mine"],"resources":["x"]},{"verbs":["get"],"apiGroups":[""],"resources":["nodes"]}]}""",
            existing.ToJsonString());
        Assert.False(RbacReconciler.Restore(existing, expected));
    }

    [Fact]
    public void Who_does_not_want_to_be_updated_is_not()
    {
        var existing = (JsonObject)JsonNode.Parse("""{"metadata":{"annotations":{"rbac.authorization.kubernetes.io/autoupdate":"false"}}}""")!;
        Assert.False(RbacReconciler.Restore(existing, (JsonObject)JsonNode.Parse("""{"metadata":{},"rules":[{"verbs":["get"]}],"subjects":[{"kind":"User"}]}""")!));
    }

    [Fact]
    public void Subjects_and_selectors_are_added()
    {
        var existing = (JsonObject)JsonNode.Parse("""{"metadata":{},"subjects":[{"kind":"User","name":"a"}],"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]}}""")!;
        var expected = (JsonObject)JsonNode.Parse("""{"metadata":{},"subjects":[{"kind":"Group","name":"g"}],"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"c":"d"}}]}}""")!;
        Assert.True(RbacReconciler.Restore(existing, expected));
        Assert.Equal(2, existing.List("subjects")!.Count);
        Assert.Equal(2, existing.Object("aggregationRule").List("clusterRoleSelectors")!.Count);
    }
}
