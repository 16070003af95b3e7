using System.Text.Json.Nodes;
using CsCheck;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Conversions;

public sealed class ConverterTests
{
    private static readonly ServedResource V1 = ObjectText.Served("autoscaling", "v1", "horizontalpodautoscalers");
    private static readonly ServedResource V2 = ObjectText.Served("autoscaling", "v2", "horizontalpodautoscalers");
    private static readonly ServedResource NewEvents = ObjectText.Served("events.k8s.io", "v1", "events");

    [Fact]
    public void An_old_autoscaler_becomes_a_metric_of_cpu()
    {
        var obj = ObjectText.Defaulted(V1, """{"metadata":{"name":"h"},"spec":{"maxReplicas":5,"targetCPUUtilizationPercentage":60,"scaleTargetRef":{"kind":"Deployment","name":"d"}}}""");
        V1.Converter!.ToStored(obj);
        var metric = Assert.Single(obj.Object("spec").Objects("metrics"));
        Assert.Equal(60, metric.Object("resource").Object("target")!.Integer("averageUtilization"));
        Assert.Equal("autoscaling/v2", obj.Text("apiVersion"));
        V1.Converter.ToServed(obj);
        Assert.Equal(60, obj.Object("spec")!.Integer("targetCPUUtilizationPercentage"));
        Assert.Null(obj.Object("metadata").Object("annotations"));
    }

    [Fact]
    public void An_annotation_that_cannot_be_read_is_passed_over()
    {
        var obj = ObjectText.Defaulted(V1, """{"metadata":{"name":"h","annotations":{"autoscaling.alpha.kubernetes.io/metrics":"[{\"type\":5},7,{"}},"spec":{"maxReplicas":5}}""");
        V1.Converter!.ToStored(obj);
        Assert.Equal("cpu", Assert.Single(obj.Object("spec").Objects("metrics")).Object("resource")!.Text("name"));
    }

    private static readonly Gen<JsonObject> Target = Gen.OneOf(
        Gen.Int[1, 100].Select(v => new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = (long)v }),
        Gen.Int[1, 100].Select(v => new JsonObject { ["type"] = "AverageValue", ["averageValue"] = v + "m" }));

    private static readonly Gen<JsonObject> Metric = Gen.OneOf(
        Gen.Select(Gen.Bool.Select(b => b ? "cpu" : "memory"), Target, (name, target) => new JsonObject
        {
            ["type"] = "Resource",
            ["resource"] = new JsonObject { ["name"] = name, ["target"] = target },
        }),
        Gen.Select(Gen.Bool.Select(b => b ? "a" : "b"), Gen.Int[1, 9], (name, value) => new JsonObject
        {
            ["type"] = "Pods",
            ["pods"] = new JsonObject
            {
                ["metric"] = new JsonObject { ["name"] = name, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["a"] = "<b>" } } },
                ["target"] = new JsonObject { ["type"] = "AverageValue", ["averageValue"] = value.ToString() },
            },
        }),
        Gen.Int[1, 9].Select(value => new JsonObject
        {
            ["type"] = "Object",
            ["object"] = new JsonObject
            {
                ["describedObject"] = new JsonObject { ["kind"] = "Service", ["name"] = "s", ["apiVersion"] = "v1" },
                ["metric"] = new JsonObject { ["name"] = "m" },
                ["target"] = new JsonObject { ["type"] = "Value", ["value"] = value + "k" },
            },
        }),
        Gen.Int[1, 9].Select(value => new JsonObject
        {
            ["type"] = "External",
            ["external"] = new JsonObject
            {
                ["metric"] = new JsonObject { ["name"] = "m" },
                ["target"] = new JsonObject { ["type"] = "Value", ["value"] = value.ToString() },
            },
        }),
        Target.Select(target => new JsonObject
        {
            ["type"] = "ContainerResource",
            ["containerResource"] = new JsonObject { ["name"] = "cpu", ["container"] = "c", ["target"] = target },
        }));

    [Fact]
    public void What_a_new_autoscaler_says_survives_the_old_version()
    {
        Gen.Select(Metric.List[1, 4], Gen.Bool, (metrics, behaves) => (metrics, behaves)).Sample(
            sample =>
            {
                var obj = ObjectText.Defaulted(V2, """{"metadata":{"name":"h","annotations":{"mine":"1"}},"spec":{"maxReplicas":5}}""");
                obj.Object("spec")!["metrics"] = new JsonArray([.. sample.metrics.Select(m => m.DeepClone())]);
                if (sample.behaves)
                    obj.Object("spec")!["behavior"] = new JsonObject { ["scaleUp"] = new JsonObject { ["tolerance"] = "100m" } };
                KindDefaults.Fill(obj, V2.Schema, ObjectText.Now);
                var before = (JsonObject)obj.DeepClone();

                V1.Converter!.ToServed(obj);
                var old = ObjectText.Read(V1, ObjectText.Write(obj, V1.Schema));
                V1.Converter.ToStored(old);

                Assert.Equal(Sorted(before), Sorted(old));
                before.Object("spec")!.Remove("metrics");
                old.Object("spec")!.Remove("metrics");
                Assert.Equal(ObjectText.Write(before, V2.Schema), ObjectText.Write(old, V2.Schema));
            },
            iter: 500);

        // The use of CPU goes first: the old version has a field for it, apart from the rest.
        static List<string> Sorted(JsonObject obj) => [.. obj.Object("spec").Objects("metrics")
            .Select(m => ObjectText.Write(m, BuiltInCatalog.Types.Get("io.k8s.api.autoscaling.v2.MetricSpec"))).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void Events_are_the_same_under_other_names()
    {
        var json = """
            {"metadata":{"name":"e","namespace":"n"},"eventTime":"2020-01-01T00:00:00.000000Z","reportingController":"c","reportingInstance":"i",
             "action":"A","reason":"R","regarding":{"kind":"Pod","name":"p"},"note":"hello","type":"Normal","series":{"count":3,"lastObservedTime":"2020-01-01T00:00:01.000000Z"},
             "deprecatedSource":{"component":"old"},"deprecatedFirstTimestamp":"2020-01-01T00:00:00Z","deprecatedLastTimestamp":"2020-01-01T00:00:00Z","deprecatedCount":2}
            """;
        var obj = ObjectText.Read(NewEvents, json);
        var before = ObjectText.Write(obj, NewEvents.Schema);
        NewEvents.Converter!.ToStored(obj);
        Assert.Equal(("hello", "v1", "c"), (obj.Text("message"), obj.Text("apiVersion"), obj.Text("reportingComponent")));
        var stored = ObjectText.Read(ObjectText.Served("", "v1", "events"), ObjectText.Write(obj, NewEvents.Stored.Schema));
        NewEvents.Converter.ToServed(stored);
        Assert.Equal(before, ObjectText.Write(stored, NewEvents.Schema));
    }
}
