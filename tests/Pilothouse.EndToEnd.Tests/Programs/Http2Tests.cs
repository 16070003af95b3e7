using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Programs;

/// <summary>Many streams of one connection, whose frames are gathered before they are sent.</summary>
public sealed class Http2Tests
{
    private const string ConfigMaps = "api/v1/namespaces/default/configmaps";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_many_watches_of_a_connection_are_told_arrives_whole_and_in_order()
    {
        const int watches = 60;
        await using var server = await PilothouseProcess.StartAsync("--storage=memory");
        using var http = Client(server);
        await SendAsync(http, HttpMethod.Post, ConfigMaps, 0);
        var streams = await Task.WhenAll(Enumerable.Range(0, watches).Select(_ => http.GetStreamAsync($"{ConfigMaps}?watch=true", Cancellation)));
        var readers = streams.Select(async stream =>
        {
            var seen = new List<int>();
            using var lines = new StreamReader(stream);
            while (seen.Count == 0 || seen[^1] != SizesOfData[^1])
            {
                var change = JsonNode.Parse((await lines.ReadLineAsync(Cancellation))!)!;
                seen.Add(((string?)change["object"]!["data"]!["a"] ?? "").Length);
            }
            return seen;
        }).ToList();

        // Smaller and larger than a frame, a record and what may wait; reads go on between them.
        foreach (var size in SizesOfData)
        {
            await SendAsync(http, HttpMethod.Put, $"{ConfigMaps}/hot", size);
            Assert.Equal(size, ((string?)JsonNode.Parse(await http.GetStringAsync($"{ConfigMaps}/hot", Cancellation))!["data"]!["a"])!.Length);
        }

        foreach (var seen in await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(60), Cancellation))
            Assert.Equal([0, .. SizesOfData], seen);
    }

    [Fact]
    public async Task Clients_that_do_not_read_or_go_away_hold_up_nobody()
    {
        await using var server = await PilothouseProcess.StartAsync("--storage=memory");
        using var http = Client(server);
        await SendAsync(http, HttpMethod.Post, ConfigMaps, 0);
        var idle = Client(server);
        await using var unread = await idle.GetStreamAsync($"{ConfigMaps}?watch=true", Cancellation);
        var gone = Client(server);
        await gone.GetStreamAsync($"{ConfigMaps}?watch=true", Cancellation);

        for (var i = 1; i <= 20; i++)
        {
            await SendAsync(http, HttpMethod.Put, $"{ConfigMaps}/hot", 500_000 + i);
            if (i == 10)
                gone.Dispose();
        }
        Assert.Equal(500_020, ((string?)JsonNode.Parse(await http.GetStringAsync($"{ConfigMaps}/hot", Cancellation))!["data"]!["a"])!.Length);

        var exit = server.TerminateAsync();
        idle.Dispose();
        Assert.Equal(0, await exit.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        Assert.DoesNotContain("fail:", server.Output);
    }

    private static int[] SizesOfData { get; } = [1, 2000, 17_000, 5, 70_000, 300_000, 3, .. Enumerable.Range(10, 40)];

    private static HttpClient Client(PilothouseProcess server)
    {
        var http = server.Client();
        (http.DefaultRequestVersion, http.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        return http;
    }

    private static async Task SendAsync(HttpClient http, HttpMethod method, string path, int size)
    {
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "hot" }, ["data"] = new JsonObject { ["a"] = new string('x', size) } };
        using var request = new HttpRequestMessage(method, path)
        {
            Version = HttpVersion.Version20,
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        using var answer = await http.SendAsync(request, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
