using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Storage.Memory;

namespace Pilothouse.Server.Tests.Watching;

public class WatchHandlerTests
{
    private const string ConfigMaps = "/api/v1/namespaces/ns/configmaps";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watch_without_a_revision_starts_with_the_state_and_goes_on(bool http2)
    {
        await using var server = await WatchFixture.StartAsync(http2: http2);
        await PutAsync(server, "b", "1");
        await PutAsync(server, "a", "1");
        using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true");
        Assert.Equal(["ADDED a 1", "ADDED b 1"], await watch.ShowAsync(2));
        await PutAsync(server, "a", "2");
        await server.Hub.PutAsync("other", "x", TestObjects.ConfigMap("other", "x"));
        await server.Hub.PutAsync("ns", "b", null);
        Assert.Equal(["MODIFIED a 2", "DELETED b 1"], await watch.ShowAsync(2));
        Assert.Equal("application/json", watch.Response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_watch_from_a_revision_replays_what_came_after_it()
    {
        await using var server = await WatchFixture.StartAsync();
        var start = await PutAsync(server, "a", "1");
        await PutAsync(server, "a", "2");
        var deletion = await server.Hub.PutAsync("ns", "a", null);
        using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true&resourceVersion={start}");
        Assert.Equal("MODIFIED", (string?)(await watch.NextAsync())!["type"]);
        var last = (await watch.NextAsync())!;
        Assert.Equal("DELETED", (string?)last["type"]);
        Assert.Equal("2", (string?)last["object"]!["data"]!["a"]);
        Assert.Equal($"{deletion}", (string?)last["object"]!["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task Entering_a_selector_is_added_and_leaving_it_is_deleted_with_the_state_before()
    {
        await using var server = await WatchFixture.StartAsync();
        using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true&labelSelector=w%3D1");
        using var other = await server.WatchAsync($"{ConfigMaps}?watch=true&labelSelector=w!%3D1");
        await PutAsync(server, "cm", "1", "w=1");
        await PutAsync(server, "cm", "2", "w=2");
        await PutAsync(server, "cm", "3", "w=2");
        var entered = await PutAsync(server, "cm", "4", "w=1");
        await PutAsync(server, "cm", "5", "w=1");
        await server.Hub.PutAsync("ns", "cm", null);
        Assert.Equal(["ADDED cm 1", "DELETED cm 1", "ADDED cm 4", "MODIFIED cm 5", "DELETED cm 5"], await watch.ShowAsync(5));
        Assert.Equal(["ADDED cm 2", "MODIFIED cm 3"], await other.ShowAsync(2));
        var left = (await other.NextAsync())!;
        Assert.Equal("DELETED", (string?)left["type"]);
        Assert.Equal("3", (string?)left["object"]!["data"]!["a"]);
        Assert.Equal($"{entered}", (string?)left["object"]!["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task Field_selectors_follow_a_pod_from_node_to_node()
    {
        await using var server = await WatchFixture.StartAsync();
        using var one = await server.WatchAsync("/api/v1/pods?watch=true&fieldSelector=spec.nodeName%3Dn1");
        using var none = await server.WatchAsync("/api/v1/pods?watch=true&fieldSelector=spec.nodeName%3D");
        using var name = await server.WatchAsync("/api/v1/namespaces/ns/pods?watch=true&fieldSelector=metadata.name%3Dp,status.phase!%3DFailed");
        const string key = "/pods/ns/p";
        await server.Hub.PutAsync(key, TestObjects.Pod("ns", "p"));
        await server.Hub.PutAsync(key, TestObjects.Pod("ns", "p", "n1"));
        await server.Hub.PutAsync(key, TestObjects.Pod("ns", "p", "n1", "Failed"));
        await server.Hub.PutAsync(key, null);
        Assert.Equal(["ADDED p", "MODIFIED p", "DELETED p"], await one.ShowAsync(3));
        Assert.Equal(["ADDED p", "DELETED p"], await none.ShowAsync(2));
        Assert.Equal(["ADDED p", "MODIFIED p", "DELETED p"], await name.ShowAsync(3));
    }

    [Fact]
    public async Task A_deprecated_path_watches_one_object()
    {
        await using var server = await WatchFixture.StartAsync();
        using var watch = await server.WatchAsync("/api/v1/watch/namespaces/ns/configmaps/a");
        await PutAsync(server, "b", "1");
        await PutAsync(server, "a", "1");
        Assert.Equal(["ADDED a 1"], await watch.ShowAsync(1));
    }

    [Fact]
    public async Task A_deprecated_path_watches_one_namespace()
    {
        await using var server = await WatchFixture.StartAsync();
        await server.Hub.PutAsync("/namespaces/ns", "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"ns\"}}"u8.ToArray());
        using var watch = await server.WatchAsync("/api/v1/watch/namespaces/ns");
        Assert.Equal(["ADDED ns"], await watch.ShowAsync(1));
    }

    [Fact]
    public async Task Watch_from_a_forgotten_revision_gets_410()
    {
        await using var server = await WatchFixture.StartAsync(new() { HistoryChanges = 16 });
        for (var i = 0; i < 40; i++)
            await PutAsync(server, "a", $"{i}");
        await server.Hub.SettleAsync();
        using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true&resourceVersion=3");
        var told = (await watch.NextAsync())!;
        Assert.Equal("ERROR", (string?)told["type"]);
        Assert.Equal(410, (int?)told["object"]!["code"]);
        Assert.StartsWith("too old resource version: 3 (", (string?)told["object"]!["message"], StringComparison.Ordinal);
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task A_history_that_is_lost_ends_watches_with_410()
    {
        var store = new OvertakenStore(new MemoryStore());
        await store.WriteAsync(new("/x", new byte[1], default), CancellationToken.None);
        await using var server = await WatchFixture.StartAsync(store: store);
        using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true");
        await PutAsync(server, "a", "1");
        Assert.Equal(["ADDED a 1"], await watch.ShowAsync(1));
        store.Overtake();
        Assert.Equal(["ERROR  410"], await watch.ShowAsync(1));
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_up()
    {
        await using var server = await WatchFixture.StartAsync();
        using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true&timeoutSeconds=5");
        await PutAsync(server, "a", "1");
        Assert.Equal(["ADDED a 1"], await watch.ShowAsync(1));
        server.Hub.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(await watch.NextAsync());
        Assert.Equal(0, server.Hub.ConfigMaps.WatcherCount);
    }

    [Fact]
    public async Task A_server_that_stops_ends_watches_cleanly()
    {
        await using var server = await WatchFixture.StartAsync();
        using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true");
        await server.StopWatchesAsync();
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task A_wrong_resourceVersion_is_a_bare_500()
    {
        await using var server = await WatchFixture.StartAsync();
        using var response = await server.Client.GetAsync($"{ConfigMaps}?watch=true&resourceVersion=abc");
        Assert.Equal(500, (int)response.StatusCode);
        var status = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": invalid syntax", (string?)status["message"]);
    }

    [Fact]
    public async Task The_bookmark_behind_the_initial_state_says_so()
    {
        await using var server = await WatchFixture.StartAsync();
        await PutAsync(server, "a", "1");
        using var watch = await server.WatchAsync(
            $"{ConfigMaps}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        Assert.Equal(["ADDED a 1"], await watch.ShowAsync(1));
        var bookmark = (await watch.NextAsync())!;
        Assert.Equal("BOOKMARK", (string?)bookmark["type"]);
        Assert.Equal(
            """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"N","annotations":{"k8s.io/initial-events-end":"true"}}}"""
                .Replace("\"N\"", $"\"{server.Hub.Caches.Revision}\"", StringComparison.Ordinal),
            bookmark["object"]!.ToJsonString());

        // From then on one a minute, up to where everything was seen.
        await server.Hub.PutAsync("other", "x", TestObjects.ConfigMap("other", "x"));
        await server.Hub.SettleAsync();
        server.Hub.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal($"{server.Hub.Caches.Revision}", (string?)(await watch.NextAsync())!["object"]!["metadata"]!["resourceVersion"]);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("&resourceVersion=0", true)]
    [InlineData("&resourceVersion=1", false)]
    [InlineData("&resourceVersion=0&sendInitialEvents=false&resourceVersionMatch=NotOlderThan", false)]
    public async Task A_watch_from_nowhere_in_particular_is_told_where_its_first_state_ends(string query, bool told)
    {
        await using var server = await WatchFixture.StartAsync();
        await PutAsync(server, "a", "1");
        using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true&allowWatchBookmarks=true{query}");
        await PutAsync(server, "b", "1");
        List<string> seen = [];
        while (seen.LastOrDefault() != "b")
        {
            var next = (await watch.NextAsync())!;
            var metadata = next["object"]!["metadata"]!;
            seen.Add((string?)metadata["name"] ?? (string?)metadata["annotations"]?["k8s.io/initial-events-end"] ?? "");
        }
        Assert.Equal(told, seen.Contains("true"));
    }

    [Theory]
    [InlineData("HTTP/1.0", false)]
    [InlineData("HTTP/1.1", true)]
    public async Task Old_clients_get_lines_until_the_end_and_newer_ones_chunks(string version, bool chunked)
    {
        await using var server = await WatchFixture.StartAsync();
        using var socket = new TcpClient(server.Address.Host, server.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {ConfigMaps}?watch=true HTTP/1.{version[^1]}\r\nHost: x\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var head = new List<string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            head.Add(line);
        Assert.Equal("HTTP/1.1 200 OK", head[0]);
        Assert.Equal(chunked, head.Contains("Transfer-Encoding: chunked"));
        Assert.DoesNotContain(head, h => h.StartsWith("Content-Length", StringComparison.Ordinal));
        await PutAsync(server, "a", "1");
        if (chunked)
            await reader.ReadLineAsync();
        Assert.StartsWith("{\"type\":\"ADDED\",\"object\":{\"kind\":\"ConfigMap\"", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_watcher_is_cut_off_and_the_others_see_everything()
    {
        await using var server = await WatchFixture.StartAsync(new() { WatcherQueue = 64 });
        using var slow = new TcpClient { ReceiveBufferSize = 4096 };
        await slow.ConnectAsync(server.Address.Host, server.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {ConfigMaps}?watch=true HTTP/1.1\r\nHost: x\r\n\r\n"));
        using var watch = await server.WatchAsync($"{ConfigMaps}?watch=true");
        var large = new string('x', 100_000);
        var changes = 0;
        do
        {
            await PutAsync(server, "a", large + changes++);
            await watch.NextAsync();
        }
        while (server.Hub.ConfigMaps.WatcherCount == 2 && changes < 2000);
        Assert.Equal(1, server.Hub.ConfigMaps.WatcherCount);
        await PutAsync(server, "a", "last");
        Assert.Equal(["MODIFIED a last"], await watch.ShowAsync(1));
    }

    [Fact]
    public async Task A_thousand_watchers_all_see_every_change_in_order()
    {
        await using var server = await WatchFixture.StartAsync(http2: true);
        var watches = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => server.WatchAsync(
            i % 2 == 0 ? $"{ConfigMaps}?watch=true" : $"{ConfigMaps}?watch=true&fieldSelector=metadata.name%3Da")));
        for (var i = 0; i < 10; i++)
            await PutAsync(server, "a", $"{i}");
        var expected = Enumerable.Range(0, 10).Select(i => $"{(i == 0 ? "ADDED" : "MODIFIED")} a {i}").ToList();
        foreach (var watch in watches)
        {
            Assert.Equal(expected, await watch.ShowAsync(10));
            watch.Dispose();
        }
    }

    private static Task<Objects.Revision> PutAsync(WatchFixture server, string name, string data, string labels = "") =>
        server.Hub.PutAsync("ns", name, TestObjects.ConfigMap("ns", name, data, labels));
}
