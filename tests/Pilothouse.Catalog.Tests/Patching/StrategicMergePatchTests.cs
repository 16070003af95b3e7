using System.Text.Json.Nodes;
using CsCheck;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog.Tests;

public class StrategicMergePatchTests
{
    private static readonly ResourceCatalog Catalog = BuiltInCatalog.Load();

    private const string Pod = """
        {"metadata":{"name":"p","finalizers":["a/1","a/2"]},"spec":{"containers":[
        {"name":"a","image":"a:1","args":["one"],"env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]},{"name":"b","image":"b:1"}],
        "volumes":[{"name":"v","emptyDir":{}}],"nodeSelector":{"k":"v"},"tolerations":[{"key":"t"}]}}
        """;

    [Theory]
    [InlineData("""{"spec":{"containers":[{"name":"a","image":"a:2"}]}}""",
        "/spec/containers", """[{"name":"a","image":"a:2","args":["one"],"env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]},{"name":"b","image":"b:1"}]""")]
    [InlineData("""{"spec":{"containers":[{"name":"c","image":"c"}]}}""", "/spec/containers[*]/name", """["c","a","b"]""")]
    [InlineData("""{"spec":{"containers":[{"name":"b","$patch":"delete"}]}}""", "/spec/containers[*]/name", """["a"]""")]
    [InlineData("""{"spec":{"containers":[{"name":"nope","$patch":"delete"}]}}""", "/spec/containers[*]/name", """["a","b"]""")]
    [InlineData("""{"spec":{"containers":[{"name":"z","image":"z"},{"$patch":"replace"}]}}""", "/spec/containers", """[{"name":"z","image":"z"}]""")]
    [InlineData("""{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}}""", "/spec/containers[*]/name", """["b","a"]""")]
    [InlineData("""{"spec":{"$setElementOrder/containers":[{"name":"n"},{"name":"a"},{"name":"b"}],"containers":[{"name":"n"}]}}""", "/spec/containers[*]/name", """["n","a","b"]""")]
    [InlineData("""{"spec":{"$setElementOrder/containers":[{"name":"b"}],"containers":[{"name":"b","image":"x"}]}}""", "/spec/containers[*]/image", """["a:1","x"]""")]
    [InlineData("""{"spec":{"containers":[{"name":"a","$setElementOrder/env":[{"name":"Y"},{"name":"X"}],"env":[{"name":"X","value":"5"}]}]}}""",
        "/spec/containers[0]/env", """[{"name":"Y","value":"2"},{"name":"X","value":"5"}]""")]
    [InlineData("""{"spec":{"containers":[{"name":"a","args":["two"]}]}}""", "/spec/containers[0]/args", """["two"]""")]
    [InlineData("""{"metadata":{"finalizers":["a/3"]}}""", "/metadata/finalizers", """["a/3","a/1","a/2"]""")]
    [InlineData("""{"metadata":{"finalizers":["a/2","a/1"]}}""", "/metadata/finalizers", """["a/2","a/1"]""")]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":["a/1","x"]}}""", "/metadata/finalizers", """["a/2"]""")]
    [InlineData("""{"metadata":{"$setElementOrder/finalizers":["a/2","a/1"]}}""", "/metadata/finalizers", """["a/2","a/1"]""")]
    [InlineData("""{"metadata":{"labels":{"n":"1","gone":null}}}""", "/metadata/labels", """{"n":"1"}""")]
    [InlineData("""{"spec":{"nodeSelector":{"$patch":"replace","only":"1"}}}""", "/spec/nodeSelector", """{"only":"1"}""")]
    [InlineData("""{"spec":{"nodeSelector":{"$patch":"delete"}}}""", "/spec/nodeSelector", "{}")]
    [InlineData("""{"spec":{"nodeSelector":null}}""", "/spec/nodeSelector", "null")]
    [InlineData("""{"spec":{"affinity":{"$patch":"delete"}}}""", "/spec/affinity", "null")]
    [InlineData("""{"spec":{"tolerations":[{"key":"u"}]}}""", "/spec/tolerations", """[{"key":"u"}]""")]
    [InlineData("""{"spec":{"volumes":[{"name":"v","$retainKeys":["name","secret"],"secret":{"secretName":"s"}}]}}""", "/spec/volumes", """[{"name":"v","secret":{"secretName":"s"}}]""")]
    [InlineData("""{"spec":{"containers":"x"}}""", "/spec/containers", "\"x\"")]
    public void Lists_and_maps_merge_as_the_schema_says(string patch, string path, string expected)
    {
        var result = Apply(Pod, patch, "pods").Value;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), At(result, path)), At(result, path)?.ToJsonString());
    }

    [Theory]
    [InlineData("""{"spec":{"containers":[{"image":"no-name"}]}}""", 500, "map: map[image:no-name] does not contain declared merge key: name")]
    [InlineData("""{"spec":{"containers":[{"name":"a","$patch":"wat"}]}}""", 500, "unknown patch type: wat in map: map[$patch:wat name:a]")]
    [InlineData("""{"spec":{"$setElementOrder/containers":"x"}}""", 500, "expected a []interface {}, but received a string")]
    [InlineData("""{"spec":{"$setElementOrder/containers":[{"name":"a"}],"containers":[{"name":"zz","image":"z"}]}}""", 500,
        "The order in patch list:\n[map[image:z name:zz]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n")]
    [InlineData("""{"spec":{"tolerations":[{"key":"u"}],"volumes":[5]}}""", 500, "list element types are not identical: [[map[emptyDir:map[] name:v]] [5]]")]
    [InlineData("""{"spec":{"volumes":[{"name":"v","$retainKeys":["name"],"secret":{}}]}}""", 400, "invalid patch format of retainKeys")]
    [InlineData("""{"$patch":"wat"}""", 500, "unknown patch type: wat in map: map[$patch:wat]")]
    [InlineData("""{"spec":{"$setElementOrder/nosuch":[1]}}""", 500, "unable to find api field in struct PodSpec for the json field \"nosuch\"")]
    public void A_patch_that_cannot_be_applied_says_why(string patch, int code, string message)
    {
        var failure = Apply(Pod, patch, "pods").Failure;
        Assert.Equal((code, message), (failure?.Code, failure?.Message));
    }

    [Theory]
    [InlineData("""{"spec":{"containers":"x"}}""", "cannot restore slice from string")]
    [InlineData("""{"spec":{"containers":{"a":1}}}""", "cannot restore slice from map")]
    [InlineData("""{"spec":"x"}""", "cannot restore struct from: string")]
    [InlineData("""{"metadata":{"labels":[1]}}""", "cannot restore map from slice")]
    [InlineData("""{"spec":{"nodeName":5}}""", "unrecognized type: string")]
    [InlineData("""{"spec":{"terminationGracePeriodSeconds":3.5}}""", "unrecognized type: int64")]
    [InlineData("""{"spec":{"terminationGracePeriodSeconds":3.0}}""", null)]
    public void A_patched_value_of_a_wrong_type_is_named_as_upstream_does(string patch, string? fault)
    {
        Assert.True(Catalog.TryGet(new("", "v1", "pods"), out var served));
        Assert.Equal(fault, PatchedTypes.FindFault(Apply(Pod, patch, "pods").Value, served.Schema));
    }

    [Fact]
    public void A_new_port_goes_first_and_ports_merge_by_number()
    {
        const string Service = """{"spec":{"ports":[{"name":"a","port":80,"targetPort":80},{"name":"b","port":81}]}}""";
        var result = Apply(Service, """{"spec":{"ports":[{"name":"c","port":82},{"port":80,"targetPort":8080}]}}""", "services").Value;
        Assert.Equal("""[{"name":"c","port":82},{"name":"a","port":80,"targetPort":8080},{"name":"b","port":81}]""",
            result["spec"]!["ports"]!.ToJsonString());
    }

    /// <summary>What kubectl's client side does, in short: the patch from one list of containers to another.</summary>
    [Fact]
    public void The_patch_of_a_difference_gives_the_target()
    {
        var name = Gen.Int[0, 5].Select(i => "c" + i);
        var containers = Gen.Dictionary(name, Gen.Int[0, 2].Select(i => "image:" + i))[0, 5];
        Gen.Select(containers, containers).Where((before, after) => before.Count + after.Count > 0).Sample((before, after) =>
        {
            var changes = new JsonArray([.. after.Where(c => !before.TryGetValue(c.Key, out var old) || old != c.Value).Select(Container)]);
            foreach (var gone in before.Keys.Except(after.Keys))
                changes.Add(new JsonObject { ["name"] = gone, ["$patch"] = "delete" });
            var patch = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["$setElementOrder/containers"] = new JsonArray([.. after.Keys.Select(k => new JsonObject { ["name"] = k })]),
                    ["containers"] = changes,
                },
            };
            var old = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray([.. before.Select(Container)]) } };
            if (before.Count == 0)
                old["spec"]!.AsObject().Remove("containers");
            var target = new JsonArray([.. after.Select(Container)]);

            var once = Apply(old.ToJsonString(), patch.ToJsonString(), "pods").Value;
            Assert.Equal(target.ToJsonString(), (once["spec"]!["containers"] ?? new JsonArray()).ToJsonString());
            var twice = Apply(once.ToJsonString(), patch.ToJsonString(), "pods").Value;
            Assert.Equal(once.ToJsonString(), twice.ToJsonString());
        });

        static JsonNode Container(KeyValuePair<string, string> c) => new JsonObject { ["name"] = c.Key, ["image"] = c.Value };
    }

    [Fact]
    public void Any_patch_is_applied_or_refused()
    {
        string[] keys = ["spec", "metadata", "containers", "volumes", "finalizers", "labels", "name", "$patch", "$retainKeys", "$setElementOrder/containers",
            "$deleteFromPrimitiveList/finalizers", "$setElementOrder/x", "env"];
        string[] leaves = ["1", "null", "\"a\"", "\"delete\"", "\"replace\"", "[]", "[1]", "[\"a\"]", "{}", "[{\"name\":\"a\"}]", "[null]", "[[1]]", "1.5"];
        Nested(3).Sample(patch =>
        {
            var outcome = Apply(Pod, patch, "pods");
            Assert.True(outcome.Succeeded || outcome.Failure.Code is 400 or 500);
        });

        Gen<string> Nested(int depth) => Gen.Dictionary(OneOf(keys), depth == 0 ? OneOf(leaves)
                : Gen.OneOf(OneOf(leaves), Nested(depth - 1), Nested(depth - 1).Array[0, 2].Select(items => $"[{string.Join(',', items)}]")))[0, 3]
            .Select(map => $"{{{string.Join(',', map.Select(e => $"\"{e.Key}\":{e.Value}"))}}}");
        static Gen<string> OneOf(string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
    }

    private static Outcome<JsonObject> Apply(string document, string patch, string resource)
    {
        Assert.True(Catalog.TryGet(new("", "v1", resource), out var served));
        return StrategicMergePatch.Apply(JsonNode.Parse(document)!.AsObject(), JsonNode.Parse(patch)!.AsObject(), served.Schema);
    }

    private static JsonNode? At(JsonNode? node, string path)
    {
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var bracket = step.IndexOf('[');
            if (bracket < 0 && node is JsonArray list)
            {
                node = new JsonArray([.. list.Select(n => n![step]?.DeepClone())]);
                continue;
            }
            node = node?[bracket < 0 ? step : step[..bracket]];
            if (bracket >= 0 && step[bracket + 1] != '*')
                node = node?[int.Parse(step[(bracket + 1)..^1])];
        }
        return node;
    }
}
