using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Admission;

public sealed class NodeDeclaredFeatureValidatorTests
{
    private const string Pods = "/api/v1/namespaces/n/pods";
    private const string Merge = "application/merge-patch+json";
    private const string OfPods = "InPlacePodLevelResourcesVerticalScaling";
    private const string OfInitContainers = "InPlacePodVerticalScalingInitContainers";
    private const string Refused = "pods \"p\" is forbidden: pod update requires features {0} which are not available on node \"node\"";

    private const string PodResize = """{"spec":{"resources":{"requests":{"cpu":"3"}}}}""";
    private const string InitResize = """{"spec":{"initContainers":[{"name":"first","resources":{"requests":{"cpu":"2"}}}]}}""";
    private const string BothResize = """
        {"spec":{"resources":{"requests":{"cpu":"3"}},"initContainers":[{"name":"first","resources":{"requests":{"cpu":"2"}}}]}}
        """;

    private static string Features(params string[] names) =>
        new JsonObject { ["status"] = new JsonObject { ["declaredFeatures"] = new JsonArray([.. names]) } }.ToJsonString();

    /// <summary>A server with a node that declares the features, and a pod on it.</summary>
    private static async Task<TestServer> StartAsync(string nodeName, params string[] features)
    {
        var server = await TestServer.WithAdmissionAsync(null, "NodeDeclaredFeatureValidator");
        Assert.Equal(201, (await server.SendAsync("POST", "/api/v1/nodes", """{"metadata":{"name":"node"}}""")).Code);
        Assert.Equal(200, (await server.SendAsync("PATCH", "/api/v1/nodes/node/status", Features(features), Merge)).Code);
        var (code, body, _) = await server.SendAsync("POST", Pods, $$$$"""
            {"metadata":{"name":"p"},"spec":{"nodeName":"{{{{nodeName}}}}","resources":{"requests":{"cpu":"2"}},
             "initContainers":[{"name":"first","image":"i:1","resources":{"requests":{"cpu":"1"}}},
                               {"name":"beside","image":"i:1","restartPolicy":"Always","resources":{"requests":{"cpu":"100m"}}}],
             "containers":[{"name":"c","image":"i:1","resources":{"requests":{"cpu":"1"}}}]}}
            """);
        Assert.True(code == 201, body?.ToJsonString());
        return server;
    }

    [Theory]
    [InlineData(PodResize, OfPods)]
    [InlineData(InitResize, OfInitContainers)]
    [InlineData(BothResize, OfPods + ", " + OfInitContainers)]
    public async Task A_pod_is_resized_where_its_node_can_do_it(string resize, string needed)
    {
        await using var server = await StartAsync("node");
        var strategic = "application/strategic-merge-patch+json";
        var (code, body, _) = await server.SendAsync("PATCH", Pods + "/p/resize", resize, strategic);
        Assert.Equal((403, Refused.Replace("{0}", needed, StringComparison.Ordinal)), (code, (string?)body!["message"]));
        await server.SendAsync("PATCH", "/api/v1/nodes/node/status", Features(needed.Split(", ")), Merge);
        await server.SendAsync("GET", "/api/v1/nodes");
        (code, body, _) = await server.SendAsync("PATCH", Pods + "/p/resize", resize, strategic);
        Assert.True(code == 200, body?.ToJsonString());
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Only_what_is_lacking_is_named()
    {
        await using var server = await StartAsync("node", OfPods);
        var (code, body, _) = await server.SendAsync("PATCH", Pods + "/p/resize", BothResize, "application/strategic-merge-patch+json");
        Assert.Equal((403, Refused.Replace("{0}", OfInitContainers, StringComparison.Ordinal)), (code, (string?)body!["message"]));
    }

    [Theory]
    [InlineData("/resize", """{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"1500m"}}}]}}""")]
    [InlineData("/resize", """{"spec":{"initContainers":[{"name":"beside","resources":{"requests":{"cpu":"200m"}}}]}}""")]
    [InlineData("", """{"spec":{"containers":[{"name":"c","image":"i:2"}]}}""")]
    [InlineData("", """{"metadata":{"labels":{"a":"b"}}}""")]
    [InlineData("/status", """{"status":{"phase":"Running"}}""")]
    public async Task Other_changes_need_no_feature(string subresource, string patch)
    {
        await using var server = await StartAsync("node");
        var (code, body, _) = await server.SendAsync("PATCH", Pods + "/p" + subresource, patch, "application/strategic-merge-patch+json");
        Assert.True(code == 200, body?.ToJsonString());
    }

    [Fact]
    public async Task A_pod_that_is_on_no_node_is_resized_freely()
    {
        await using var server = await StartAsync("");
        var (code, body, _) = await server.SendAsync("PATCH", Pods + "/p/resize", PodResize, Merge);
        Assert.True(code == 200, body?.ToJsonString());
    }

    [Fact]
    public async Task A_node_that_is_away_has_no_features()
    {
        await using var server = await StartAsync("gone");
        var (code, body, _) = await server.SendAsync("PATCH", Pods + "/p/resize", PodResize, Merge);
        Assert.Equal((403, "pods \"p\" is forbidden: node \"gone\" not found"), (code, (string?)body!["message"]));
    }
}
