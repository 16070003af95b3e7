using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Admission;

public sealed class LimitRangerTests
{
    [Theory]
    [InlineData("""{"type":"Container","max":{"cpu":"2"}}""", """{"limits":{"cpu":"4"}}""", "maximum cpu usage per Container is 2, but limit is 4")]
    [InlineData("""{"type":"Pod","max":{"cpu":"2"}}""", """{"requests":{"memory":"1"}}""", "maximum cpu usage per Pod is 2.  No limit is specified")]
    [InlineData("""{"type":"Container","min":{"memory":"1Gi"}}""", """{"requests":{"memory":"1Mi"}}""", "minimum memory usage per Container is 1Gi, but request is 1Mi")]
    [InlineData("""{"type":"Pod","max":{"cpu":"1"}}""", """{"limits":{"cpu":"600m"}}""", "maximum cpu usage per Pod is 1, but limit is 1200m")]
    [InlineData("""{"type":"Pod","max":{"cpu":"1"},"min":{"memory":"1Gi"}}""", """{"limits":{"cpu":"2","memory":"1Gi"}}""", "maximum cpu usage per Pod is 1, but limit is 4")]
    [InlineData("""{"type":"Container","maxLimitRequestRatio":{"cpu":"2"}}""", """{"requests":{"cpu":"100m"},"limits":{"cpu":"500m"}}""",
        "cpu max limit to request ratio per Container is 2, but provided ratio is 5.000000")]
    [InlineData("""{"type":"Container","maxLimitRequestRatio":{"cpu":"5"}}""", """{"requests":{"cpu":"100m"},"limits":{"cpu":"500m"}}""", null)]
    public async Task Pods_outside_of_the_limits_are_refused(string limit, string resources, string? refusal)
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "LimitRanger");
        await server.SendAsync("POST", "/api/v1/namespaces/n/limitranges", $$$"""{"metadata":{"name":"l"},"spec":{"limits":[{{{limit}}}]}}""");
        await server.SendAsync("GET", "/api/v1/namespaces/n/limitranges");
        var (code, body, _) = await server.SendAsync(
            "POST", "/api/v1/namespaces/n/pods",
            $$$"""{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"i","resources":{{{resources}}}},{"name":"b","image":"i","resources":{{{resources}}}}]}}""");
        Assert.Equal(refusal is null ? 201 : 403, code);
        if (refusal is not null)
            Assert.Equal($"pods \"p\" is forbidden: {refusal}", (string?)body!["message"]);
    }

    [Fact]
    public async Task Defaults_are_filled_in_and_told()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "LimitRanger");
        await server.SendAsync(
            "POST", "/api/v1/namespaces/n/limitranges",
            """{"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","default":{"cpu":"1","memory":"1Gi"},"defaultRequest":{"cpu":"100m"}}]}}""");
        await server.SendAsync("GET", "/api/v1/namespaces/n/limitranges");
        var (_, pod, _) = await server.SendAsync(
            "POST", "/api/v1/namespaces/n/pods",
            """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"i","resources":{"limits":{"cpu":"2"}}}]}}""");
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"limits":{"cpu":"2","memory":"1Gi"},"requests":{"cpu":"2","memory":"1Gi"}}"""), pod!["spec"]!["containers"]![0]!["resources"]));
        Assert.Equal(
            "LimitRanger plugin set: memory request for container a; memory limit for container a",
            (string?)pod["metadata"]!["annotations"]!["kubernetes.io/limit-ranger"]);
    }
}
