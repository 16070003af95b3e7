using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Rules;

public sealed class PriorityClassRulesTests
{
    private static readonly ServedResource Classes = ObjectText.Served("scheduling.k8s.io", "v1", "priorityclasses");

    [Theory]
    [InlineData("x", """ "value":1000000000 """, "")]
    [InlineData("x", """ "value":1000000001 """, "value: Forbidden: maximum allowed value of a user defined priority is 1000000000")]
    [InlineData("x", """ "value":1,"preemptionPolicy":"X" """, "preemptionPolicy: Unsupported value: \"X\": supported values: \"PreemptLowerPriority\", \"Never\"")]
    [InlineData("system-x", """ "value":1 """,
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class")]
    [InlineData("system-node-critical", """ "value":1 """,
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000")]
    [InlineData("system-cluster-critical", """ "value":2000000000,"globalDefault":true """,
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: globalDefault of system-cluster-critical PriorityClass must be false")]
    [InlineData("system-cluster-critical", """ "value":2000000000 """, "")]
    public void Users_have_the_lower_values(string name, string fields, string expected) =>
        Assert.Equal(expected, string.Join('|', RuleTesting.Create(Classes, $$"""{"metadata":{"name":"{{name}}"},{{fields}} }""").Errors));

    [Fact]
    public void What_a_class_is_worth_does_not_change()
    {
        var obj = RuleTesting.Prepared(Classes, """{"metadata":{"name":"x"},"value":1}""");
        Assert.Equal(["value: Forbidden: may not be changed in an update.", "preemptionPolicy: Invalid value: \"Never\": field is immutable"],
            RuleTesting.Update(Classes, obj, "", o => (o["value"], o["preemptionPolicy"]) = (2L, "Never")));
        var described = (JsonObject)obj.DeepClone();
        described["description"] = "d";
        Classes.Stored.Strategy.PrepareForUpdate(ObjectText.Context(Classes), described, obj);
        Assert.Equal(1, ObjectMetadata.Of(described).Generation);
    }

    [Theory]
    [InlineData("system-node-critical", "priorityclasses.scheduling.k8s.io \"system-node-critical\" is forbidden: this is a system priority class and cannot be deleted")]
    [InlineData("x", null)]
    public void The_classes_of_the_system_stay(string name, string? expected) =>
        Assert.Equal(expected, Classes.Stored.Strategy.CheckDelete(
            ObjectText.Context(Classes), new() { ["metadata"] = new JsonObject { ["name"] = name } })?.Message);

    [Theory]
    [InlineData("preferAvoidPods", "x", "metadata.annotations.AvoidPods: Invalid value: \"scheduler.alpha.kubernetes.io/preferAvoidPods\": invalid character 'x' looking for beginning of value")]
    [InlineData("preferAvoidPods", """{\"preferAvoidPods\":[{}]}""", "metadata.annotations.scheduler.alpha.kubernetes.io/preferAvoidPods[0].PodSignature: Required value")]
    [InlineData("taints", """[{\"key\":\"a\"}]""", "metadata.annotations.scheduler.alpha.kubernetes.io/taints[0].effect: Required value")]
    public void Old_annotations_of_nodes_are_read(string annotation, string value, string expected)
    {
        var nodes = ObjectText.Served("", "v1", "nodes");
        Assert.Equal(expected, string.Join('|', RuleTesting.Create(
            nodes, $$$"""{"metadata":{"name":"x","annotations":{"scheduler.alpha.kubernetes.io/{{{annotation}}}":"{{{value}}}"} } }""").Errors));
    }
}
