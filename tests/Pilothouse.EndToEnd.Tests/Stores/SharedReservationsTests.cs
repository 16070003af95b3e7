using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.EndToEnd.Tests.Hosting;
using Pilothouse.Storage.Contract;

namespace Pilothouse.EndToEnd.Tests.Stores;

/// <summary>What must not be given twice, by several servers on one etcd or by one on its own file: quota, cluster IPs, node ports.</summary>
public sealed class SharedReservationsTests
{
    [Fact]
    public async Task Of_200_parallel_creates_through_two_servers_against_a_quota_of_50_exactly_50_succeed()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var one = await StartAsync(etcd);
        await using var other = await StartAsync(etcd);
        using var first = one.Client();
        using var second = other.Client();
        await AssertQuotaHoldsAsync(first, second);
    }

    [Fact]
    public async Task Of_200_parallel_creates_on_a_file_against_a_quota_of_50_exactly_50_succeed()
    {
        await using var server = await PilothouseProcess.StartAsync("--storage=sqlite", "--bind-address=127.0.0.1");
        using var http = server.Client();
        await AssertQuotaHoldsAsync(http, http);
    }

    [Fact]
    public async Task One_hundred_parallel_services_through_two_servers_share_nothing_and_give_it_back()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var one = await StartAsync(etcd);
        await using var other = await StartAsync(etcd);
        using var first = one.Client();
        using var second = other.Client();
        HttpClient[] clients = [first, second];
        var (addresses, ports) = (new ConcurrentBag<string>(), new ConcurrentBag<long>());
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var (code, made) = await PostAsync(clients[i % 2], "api/v1/namespaces/default/services",
                $$$$"""{"metadata":{"name":"s{{{{i}}}}"},"spec":{"type":"NodePort","selector":{"a":"b"},"ports":[{"port":80}]}}""");
            Assert.True(code == 201, made.ToJsonString());
            addresses.Add((string)made["spec"]!["clusterIP"]!);
            ports.Add((long)made["spec"]!["ports"]![0]!["nodePort"]!);
        }));
        Assert.Equal(100, addresses.Distinct().Count());
        Assert.Equal(100, ports.Distinct().Count());

        // Deleted by the one, free for the other: the very address and the very port.
        var cancellation = TestContext.Current.CancellationToken;
        var victim = await GetAsync(first, "api/v1/namespaces/default/services/s0");
        using (var gone = await first.DeleteAsync("api/v1/namespaces/default/services/s0", cancellation))
            gone.EnsureSuccessStatusCode();
        var address = (string)victim["spec"]!["clusterIP"]!;
        var port = (long)victim["spec"]!["ports"]![0]!["nodePort"]!;
        var (again, same) = await PostAsync(second, "api/v1/namespaces/default/services",
            $$$$"""{"metadata":{"name":"again"},"spec":{"type":"NodePort","clusterIP":"{{{{address}}}}","selector":{"a":"b"},"ports":[{"port":80,"nodePort":{{{{port}}}}}]}}""");
        Assert.True(again == 201, same.ToJsonString());
    }

    private static Task<PilothouseProcess> StartAsync(EtcdProcess etcd) =>
        PilothouseProcess.StartAsync($"--etcd-servers={etcd.Address}", "--bind-address=127.0.0.1");

    private static async Task AssertQuotaHoldsAsync(HttpClient first, HttpClient second)
    {
        await QuotaAsync(first, "50");
        await AwaitQuotaAsync(first);
        await AwaitQuotaAsync(second);

        var codes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => PostAsync(
            i % 2 == 0 ? first : second, "api/v1/namespaces/default/configmaps", $$$"""{"metadata":{"name":"c{{{i}}}"}}""")));

        Assert.Equal(50, codes.Count(c => c.Code == 201));
        Assert.Equal(150, codes.Count(c => c.Code == 403));
        var quota = await GetAsync(second, "api/v1/namespaces/default/resourcequotas/q");
        Assert.Equal("50", (string?)quota["status"]!["used"]!["count/configmaps"]);
    }

    private static async Task QuotaAsync(HttpClient http, string pods)
    {
        var (code, _) = await PostAsync(
            http, "api/v1/namespaces/default/resourcequotas", $$$$"""{"metadata":{"name":"q"},"spec":{"hard":{"count/configmaps":"{{{{pods}}}}"}}}""");
        Assert.Equal(201, code);
        using var content = new StringContent(
            $$$$"""{"status":{"hard":{"count/configmaps":"{{{{pods}}}}"},"used":{"count/configmaps":"0"}}}""", Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/merge-patch+json");
        using var patched = await http.PatchAsync("api/v1/namespaces/default/resourcequotas/q/status", content, TestContext.Current.CancellationToken);
        patched.EnsureSuccessStatusCode();
    }

    /// <summary>A read of the latest state: then the server's caches have it.</summary>
    private static async Task AwaitQuotaAsync(HttpClient http) =>
        Assert.NotNull((await GetAsync(http, "api/v1/namespaces/default/resourcequotas/q"))["status"]!["used"]);

    private static async Task<(int Code, JsonNode Body)> PostAsync(HttpClient http, string path, string body)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(path, content, cancellation);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!);
    }

    private static async Task<JsonNode> GetAsync(HttpClient http, string path) =>
        JsonNode.Parse(await http.GetStringAsync(path, TestContext.Current.CancellationToken))!;
}
