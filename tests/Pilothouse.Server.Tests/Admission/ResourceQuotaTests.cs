using System.Text.Json.Nodes;
using Pilothouse.Server.Admission;

namespace Pilothouse.Server.Tests.Admission;

public sealed class ResourceQuotaTests
{
    private const string Pods = "/api/v1/namespaces/n/pods";

    private static string Pod(string name, string resources = "{}") =>
        $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"containers":[{"name":"c","image":"i","resources":{{{resources}}}}]}}""";

    private static async Task<TestServer> StartAsync(AdmissionConfiguration? configuration = null) =>
        await TestServer.WithAdmissionAsync(configuration, "ResourceQuota");

    /// <summary>A quota whose status says that nothing is used yet, as the controller would; and the caches know it.</summary>
    private static async Task QuotaAsync(TestServer server, string name, string hard, string more = "")
    {
        var used = new JsonObject(JsonNode.Parse(hard)!.AsObject().Select(h => KeyValuePair.Create<string, JsonNode?>(h.Key, "0")));
        await server.SendAsync("POST", "/api/v1/namespaces/n/resourcequotas", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"hard":{{{hard}}}{{{more}}}}}""");
        var (code, _, _) = await server.SendAsync(
            "PATCH", $"/api/v1/namespaces/n/resourcequotas/{name}/status", $$$"""{"status":{"hard":{{{hard}}},"used":{{{used.ToJsonString()}}}}}""",
            "application/merge-patch+json");
        Assert.Equal(200, code);
        await server.SendAsync("GET", "/api/v1/namespaces/n/resourcequotas");
    }

    private static async Task<JsonNode> UsedAsync(TestServer server, string name) =>
        (await server.SendAsync("GET", $"/api/v1/namespaces/n/resourcequotas/{name}")).Body!["status"]!["used"]!;

    [Fact]
    public async Task Of_200_parallel_creates_against_a_quota_of_50_exactly_50_succeed()
    {
        await using var server = await StartAsync();
        await QuotaAsync(server, "q", """{"pods":"50"}""");

        var codes = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i => (await server.SendAsync("POST", Pods, Pod($"p{i}"))).Code));

        Assert.Equal(50, codes.Count(c => c == 201));
        Assert.Equal(150, codes.Count(c => c == 403));
        Assert.Equal("50", (string?)(await UsedAsync(server, "q"))["pods"]);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task A_quota_without_a_status_limits_nothing_and_a_dry_run_uses_nothing()
    {
        await using var server = await StartAsync();
        await server.SendAsync("POST", "/api/v1/namespaces/n/resourcequotas", """{"metadata":{"name":"silent"},"spec":{"hard":{"pods":"0"}}}""");
        await server.SendAsync("GET", "/api/v1/namespaces/n/resourcequotas");
        Assert.Equal(201, (await server.SendAsync("POST", Pods, Pod("a"))).Code);

        await QuotaAsync(server, "q", """{"pods":"1"}""");
        Assert.Equal(201, (await server.SendAsync("POST", Pods + "?dryRun=All", Pod("b"))).Code);
        Assert.Equal(201, (await server.SendAsync("POST", Pods, Pod("b"))).Code);
        Assert.Equal(403, (await server.SendAsync("POST", Pods + "?dryRun=All", Pod("c"))).Code);
    }

    [Theory]
    [InlineData("""{"requests.cpu":"1"}""", """{"requests":{"cpu":"600m"}}""", """{"requests":{"cpu":"500m"}}""",
        "exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1")]
    [InlineData("""{"limits.memory":"1Gi","requests.cpu":"1"}""", """{"requests":{"cpu":"1"},"limits":{"memory":"1Gi"}}""", "{}",
        "failed quota: q: must specify limits.memory for: c; requests.cpu for: c")]
    [InlineData("""{"requests.example.com/gpu":"1"}""", """{"limits":{"example.com/gpu":"1"}}""", """{"limits":{"example.com/gpu":"1"}}""",
        "exceeded quota: q, requested: requests.example.com/gpu=1, used: requests.example.com/gpu=1, limited: requests.example.com/gpu=1")]
    [InlineData("""{"count/pods":"1"}""", "{}", "{}", "exceeded quota: q, requested: count/pods=1, used: count/pods=1, limited: count/pods=1")]
    public async Task What_pods_use_is_measured(string hard, string first, string second, string refusal)
    {
        await using var server = await StartAsync();
        await QuotaAsync(server, "q", hard);
        Assert.Equal(201, (await server.SendAsync("POST", Pods, Pod("a", first))).Code);
        var (code, body, _) = await server.SendAsync("POST", Pods, Pod("b", second));
        Assert.Equal(403, code);
        Assert.Equal($"pods \"b\" is forbidden: {refusal}", (string?)body!["message"]);
    }

    [Theory]
    [InlineData("BestEffort", "{}", true)]
    [InlineData("BestEffort", """{"requests":{"cpu":"1"}}""", false)]
    [InlineData("NotBestEffort", "{}", false)]
    [InlineData("NotTerminating", "{}", true)]
    [InlineData("Terminating", "{}", false)]
    public async Task Scopes_say_which_pods_count(string scope, string resources, bool counts)
    {
        await using var server = await StartAsync();
        await QuotaAsync(server, "q", """{"pods":"0"}""", $$""","scopes":["{{scope}}"]""");
        Assert.Equal(counts ? 403 : 201, (await server.SendAsync("POST", Pods, Pod("a", resources))).Code);
    }

    [Fact]
    public async Task Claims_count_by_size_and_class_and_services_by_their_ports()
    {
        await using var server = await StartAsync();
        await QuotaAsync(server, "q", """{"gold.storageclass.storage.k8s.io/requests.storage":"2Gi","count/secrets":"1"}""");
        static string Claim(string name, string storageClass) =>
            $$$$$"""{"metadata":{"name":"{{{{{name}}}}}"},"spec":{"storageClassName":"{{{{{storageClass}}}}}","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"2Gi"}}}}""";
        const string claims = "/api/v1/namespaces/n/persistentvolumeclaims";
        Assert.Equal(201, (await server.SendAsync("POST", claims, Claim("a", "gold"))).Code);
        Assert.Equal(201, (await server.SendAsync("POST", claims, Claim("b", "silver"))).Code);
        var (code, body, _) = await server.SendAsync("POST", claims, Claim("c", "gold"));
        Assert.Equal(403, code);
        Assert.Contains("gold.storageclass.storage.k8s.io/requests.storage=2Gi", (string?)body!["message"], StringComparison.Ordinal);
        Assert.Equal(201, (await server.SendAsync("POST", "/api/v1/namespaces/n/secrets", """{"metadata":{"name":"a"}}""")).Code);
        Assert.Equal(403, (await server.SendAsync("POST", "/api/v1/namespaces/n/secrets", """{"metadata":{"name":"b"}}""")).Code);
    }

    [Fact]
    public async Task What_is_limited_by_configuration_needs_a_quota()
    {
        var configuration = AdmissionConfiguration.Of("ResourceQuota", JsonNode.Parse(
            """
            {"apiVersion":"apiserver.config.k8s.io/v1","kind":"ResourceQuotaConfiguration",
             "limitedResources":[{"resource":"pods","matchContains":["requests.cpu"]}]}
            """)!.AsObject());
        await using var server = await StartAsync(configuration);
        var (code, body, _) = await server.SendAsync("POST", Pods, Pod("a", """{"requests":{"cpu":"1"}}"""));
        Assert.Equal(403, code);
        Assert.Equal("pods \"a\" is forbidden: insufficient quota to consume: requests.cpu", (string?)body!["message"]);
        Assert.Equal(201, (await server.SendAsync("POST", Pods, Pod("b"))).Code);
    }
}
