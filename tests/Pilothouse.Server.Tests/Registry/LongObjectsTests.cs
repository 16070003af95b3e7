using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Registry;

/// <summary>Objects as long as bodies may be: what is done with them takes time in proportion, and not its square.</summary>
public sealed class LongObjectsTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const int Many = 30_000;

    // A square of these numbers is minutes; what takes its proper time takes a second or two.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("labels")]
    [InlineData("annotations")]
    [InlineData("finalizers")]
    [InlineData("ownerReferences")]
    public async Task An_object_with_long_metadata_is_written_in_every_way(string field)
    {
        var metadata = new JsonObject { ["name"] = "long", ["namespace"] = "default" };
        metadata[field] = field switch
        {
            "finalizers" => new JsonArray([.. Numbers().Select(i => (JsonNode)$"a.b/x{i}")]),
            "ownerReferences" => new JsonArray([.. Numbers().Take(Many / 3).Select(i => new JsonObject
            {
                ["apiVersion"] = "v1", ["kind"] = "K", ["name"] = $"x{i}", ["uid"] = $"x{i}",
            })]),
            // Annotations may not be longer than 256 KiB.
            _ => new JsonObject(Numbers().Take(Many / 2).Select(i => KeyValuePair.Create($"x{i}", (JsonNode?)""))),
        };
        await WriteAsync(ConfigMaps, new() { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = metadata });
    }

    [Fact]
    public async Task An_object_with_long_data_is_written_in_every_way() => await WriteAsync(ConfigMaps, new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = "long", ["namespace"] = "default" },
        ["data"] = new JsonObject(Numbers().Select(i => KeyValuePair.Create($"x{i}", (JsonNode?)""))),
    });

    [Fact]
    public async Task A_pod_with_long_lists_is_written_in_every_way() => await WriteAsync("/api/v1/namespaces/default/pods", new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = "long", ["namespace"] = "default" },
        ["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "c",
                ["image"] = "i",
                ["env"] = new JsonArray([.. Numbers().Take(Many / 4).Select(i => new JsonObject { ["name"] = $"x{i}" })]),
            }),
            ["tolerations"] = new JsonArray([.. Numbers().Take(Many / 4).Select(i => new JsonObject { ["key"] = $"x{i}", ["operator"] = "Exists" })]),
            ["topologySpreadConstraints"] = new JsonArray([.. Numbers().Take(Many / 8).Select(i => new JsonObject
            {
                ["maxSkew"] = 1, ["topologyKey"] = $"x{i}", ["whenUnsatisfiable"] = "DoNotSchedule",
            })]),
        },
    });

    private static IEnumerable<int> Numbers() => Enumerable.Range(0, Many);

    private static async Task WriteAsync(string collection, JsonObject obj)
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"default"}}""");
        var (item, body) = (collection + "/long", obj.ToJsonString());
        var clock = Stopwatch.StartNew();
        Assert.Equal(201, (await server.SendAsync("POST", collection, body)).Code);
        obj["metadata"]!.AsObject().TryAdd("generateName", "l");
        Assert.Equal(200, (await server.SendAsync("PUT", item, obj.ToJsonString())).Code);
        Assert.Equal(200, (await server.SendAsync("PATCH", item + "?fieldManager=x&force=true", body, "application/apply-patch+yaml")).Code);
        Assert.Equal(200, (await server.SendAsync("PATCH", item, body, "application/strategic-merge-patch+json")).Code);
        Assert.Equal(200, (await server.SendAsync("PATCH", item, """{"data":null,"metadata":{"labels":null}}""", "application/merge-patch+json")).Code);
        Assert.Equal(200, (await server.SendAsync("DELETE", item)).Code);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, s_patience);
        server.AssertNoFaults();
    }
}
