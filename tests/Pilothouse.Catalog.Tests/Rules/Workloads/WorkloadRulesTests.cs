using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Rules.Workloads;

public sealed class WorkloadRulesTests
{
    private const string Common = """ "selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"}]}} """;

    private static string Object(string fields) => """{"metadata":{"name":"x"},"spec":{""" + Common + "," + fields + "}}";

    [Theory]
    [InlineData("deployments", """ "strategy":{"type":"Recreate","rollingUpdate":{}} """, "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'")]
    [InlineData("deployments", """ "strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":"0%"}} """, "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": may not be 0 when `maxSurge` is 0")]
    [InlineData("deployments", """ "minReadySeconds":5,"progressDeadlineSeconds":5 """, "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds")]
    [InlineData("deployments", """ "replicas":-1 """, "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("replicasets", """ "replicas":-1 """, "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("statefulsets", """ "podManagementPolicy":"X" """, "spec.podManagementPolicy: Invalid value: \"X\": must be 'OrderedReady' or 'Parallel'")]
    [InlineData("statefulsets", """ "updateStrategy":{"type":"OnDelete","rollingUpdate":{"partition":1}} """, "spec.updateStrategy.rollingUpdate: Invalid value: {\"Partition\":1,\"MaxUnavailable\":null}: only allowed for updateStrategy 'RollingUpdate'")]
    [InlineData("statefulsets", """ "ordinals":{"start":-1} """, "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("daemonsets", """ "updateStrategy":{"type":"X"} """, "spec.updateStrategy: Unsupported value: {\"Type\":\"X\",\"RollingUpdate\":null}: supported values: \"RollingUpdate\", \"OnDelete\"")]
    public void Fields_are_checked(string resource, string fields, string expected) =>
        Assert.Equal(expected, string.Join('|', RuleTesting.Create(ObjectText.Served("apps", "v1", resource), Object(fields)).Errors));

    [Theory]
    [InlineData("deployments")]
    [InlineData("replicasets")]
    [InlineData("daemonsets")]
    public void A_selector_stays_what_it_was(string resource)
    {
        var served = ObjectText.Served("apps", "v1", resource);
        var obj = RuleTesting.Prepared(served, Object("\"minReadySeconds\":1"));
        var errors = RuleTesting.Update(served, obj, "", o =>
        {
            o.Object("spec")!["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["x"] = "y" } };
            o.Object("spec").Object("template").Object("metadata")!["labels"] = new JsonObject { ["x"] = "y" };
        });
        Assert.Equal(["spec.selector: Invalid value: {\"matchLabels\":{\"x\":\"y\"}}: field is immutable"], errors);
    }

    [Fact]
    public void Hardly_anything_of_a_stateful_set_changes()
    {
        var served = ObjectText.Served("apps", "v1", "statefulsets");
        var obj = RuleTesting.Prepared(served, Object("\"serviceName\":\"s\""));
        Assert.Empty(RuleTesting.Update(served, obj, "", o => o.Object("spec")!["replicas"] = 5));
        Assert.StartsWith("spec: Forbidden: updates to statefulset spec for fields other than 'replicas'",
            Assert.Single(RuleTesting.Update(served, obj, "", o => o.Object("spec")!["serviceName"] = "t")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_does_not_fit_its_selector_is_refused()
    {
        var served = ObjectText.Served("apps", "v1", "replicasets");
        var text = Object("\"replicas\":1").Replace("""{"matchLabels":{"a":"b"}}""", """{"matchLabels":{"a":"c"}}""", StringComparison.Ordinal);
        Assert.Equal(["spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match template `labels`"],
            RuleTesting.Create(served, text).Errors);
    }

    [Fact]
    public void A_budget_says_one_thing_or_the_other()
    {
        var served = ObjectText.Served("policy", "v1", "poddisruptionbudgets");
        var errors = RuleTesting.Create(served, """{"metadata":{"name":"x"},"spec":{"minAvailable":1,"maxUnavailable":"101%"}}""").Errors;
        Assert.Equal(2, errors.Count);
        Assert.EndsWith(": minAvailable and maxUnavailable cannot be both set", errors[0], StringComparison.Ordinal);
        Assert.Equal("spec.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%", errors[1]);
    }

    [Theory]
    [InlineData(""" "maxReplicas":0 """, "spec.maxReplicas: Required value")]
    [InlineData(""" "maxReplicas":1,"minReplicas":2 """, "spec.maxReplicas: Invalid value: 1: must be greater than or equal to `minReplicas`")]
    [InlineData(""" "maxReplicas":3,"metrics":[{"type":"Pods"}] """, "spec.metrics[0].pods: Required value: must populate information for the given metric source")]
    [InlineData(""" "maxReplicas":3,"behavior":{"scaleUp":{"stabilizationWindowSeconds":3601}} """, "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600")]
    public void Autoscalers_are_checked_field_by_field(string fields, string expected)
    {
        var served = ObjectText.Served("autoscaling", "v2", "horizontalpodautoscalers");
        var text = """{"metadata":{"name":"x"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"},""" + fields + "}}";
        Assert.StartsWith(expected, string.Join('|', RuleTesting.Create(served, text).Errors), StringComparison.Ordinal);
    }
}
