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

    [Fact]
    public void Pods_of_a_stateful_set_are_named_by_it_and_have_its_claims()
    {
        var served = ObjectText.Served("apps", "v1", "statefulsets");
        const string Text = """
            {"metadata":{"name":"x"},"spec":{"serviceName":"s","selector":{"matchLabels":{"a":"b"}},
             "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}],
             "template":{"metadata":{"labels":{"a":"b"},"annotations":{"Bad Key":""}},
              "spec":{"hostname":"Not A Name","containers":[{"name":"c","image":"i:1","volumeMounts":[{"name":"data","mountPath":"/d"}]}]}}}}
            """;
        // Said twice: with the template, and again with its metadata.
        var errors = RuleTesting.Create(served, Text).Errors;
        Assert.Equal(2, errors.Count);
        Assert.All(errors, e => Assert.StartsWith("spec.template.annotations: Invalid value: \"Bad Key\": name part must consist of", e, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"x"},"revision":-1,"data":{"a":1}}""", "revision: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"metadata":{"name":"x"},"revision":1}""", "data: Required value: data is mandatory")]
    public void Revisions_are_checked(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', RuleTesting.Create(ObjectText.Served("apps", "v1", "controllerrevisions"), text).Errors));

    [Theory]
    [InlineData("deployments")]
    [InlineData("replicasets")]
    public void Nothing_terminates_less_than_nothing(string resource)
    {
        var served = ObjectText.Served("apps", "v1", resource);
        var obj = RuleTesting.Prepared(served, Object("\"minReadySeconds\":1"));
        Assert.Equal(["status.terminatingReplicas: Invalid value: -1: must be greater than or equal to 0"],
            RuleTesting.Update(served, obj, "status", o => o.ObjectOrNew("status")["terminatingReplicas"] = -1L));
    }

    [Theory]
    [InlineData("v1", "Pod", false)]
    [InlineData("v1", "ReplicationController", true)]
    [InlineData("apps/v1", "Deployment", true)]
    public void An_autoscaler_says_the_group_of_what_it_scales(string version, string kind, bool isTaken)
    {
        var served = ObjectText.Served("autoscaling", "v2", "horizontalpodautoscalers");
        var text = $$$"""{"metadata":{"name":"x"},"spec":{"maxReplicas":3,"scaleTargetRef":{"apiVersion":"{{{version}}}","kind":"{{{kind}}}","name":"d"} } }""";
        Assert.Equal(isTaken ? "" : "spec.scaleTargetRef.apiVersion: Invalid value: \"v1\": apiVersion must specify API group",
            string.Join('|', RuleTesting.Create(served, text).Errors));
        // What is there may stay.
        Assert.Empty(RuleTesting.Update(served, RuleTesting.Prepared(served, text), "", o => o.Object("spec")!["maxReplicas"] = 4L));
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
