using System.IO.Compression;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Storage.Memory;

namespace Pilothouse.Server.Tests.Watching;

public class ListHandlerTests
{
    private const string ConfigMaps = "/api/v1/namespaces/ns/configmaps";

    [Fact]
    public async Task A_list_is_sorted_and_its_items_have_no_kind()
    {
        await using var server = await WatchFixture.StartAsync();
        await PutAsync(server, "b");
        await PutAsync(server, "a");
        var revision = await server.Hub.PutAsync("other", "c", TestObjects.ConfigMap("other", "c"));
        Assert.Equal(
            """{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"REV"},"items":["""
            + """{"metadata":{"name":"a","namespace":"ns","uid":"u-a","resourceVersion":"3"},"data":{"a":"1"}},"""
            + """{"metadata":{"name":"b","namespace":"ns","uid":"u-b","resourceVersion":"2"},"data":{"a":"1"}}]}""",
            (await server.Client.GetStringAsync(ConfigMaps)).Replace($"\"{revision}\"}},\"items", "\"REV\"},\"items", StringComparison.Ordinal));
        Assert.Equal("a b c", Names(await server.GetAsync("/api/v1/configmaps")));
    }

    [Fact]
    public async Task Pages_show_the_state_of_the_first()
    {
        await using var server = await WatchFixture.StartAsync();
        for (var i = 0; i < 5; i++)
            await PutAsync(server, $"cm{i}");
        var first = await server.GetAsync($"{ConfigMaps}?limit=2");
        Assert.Equal("cm0 cm1", Names(first));
        Assert.Equal(3, (int?)first["metadata"]!["remainingItemCount"]);
        await server.Hub.PutAsync("ns", "cm3", null);
        await PutAsync(server, "cm2a");
        var second = await server.GetAsync($"{ConfigMaps}?limit=10&continue={first["metadata"]!["continue"]}");
        Assert.Equal("cm2 cm3 cm4", Names(second));
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)second["metadata"]!["resourceVersion"]);
        Assert.Null(second["metadata"]!["continue"]);
        Assert.Equal("cm0 cm1 cm2 cm2a cm4", Names(await server.GetAsync($"{ConfigMaps}?limit=10")));
    }

    [Fact]
    public async Task Another_server_on_the_store_goes_on_with_the_next_page()
    {
        var store = new MemoryStore();
        string token;
        await using (var server = await WatchFixture.StartAsync(store: new KeptStore(store)))
        {
            for (var i = 0; i < 5; i++)
                await PutAsync(server, $"cm{i}");
            token = (string)(await server.GetAsync($"{ConfigMaps}?limit=2"))["metadata"]!["continue"]!;
            await server.Hub.PutAsync("ns", "cm3", null);
        }
        await using var other = await WatchFixture.StartAsync(store: store);
        var second = await other.GetAsync($"{ConfigMaps}?limit=2&continue={token}");
        Assert.Equal("cm2 cm3", Names(second));
        Assert.Equal(1, (int?)second["metadata"]!["remainingItemCount"]);

        // Once the store has forgotten, the client is told how to go on nevertheless.
        await store.CompactAsync(await store.CurrentRevisionAsync(CancellationToken.None), CancellationToken.None);
        var (code, gone) = await FailAsync(other, $"{ConfigMaps}?limit=2&continue={token}");
        Assert.Equal((410, "Expired"), (code, (string?)gone["reason"]));
        Assert.StartsWith("The provided continue parameter is too old to display a consistent list result.", (string?)gone["message"], StringComparison.Ordinal);
        Assert.Equal("cm2 cm4", Names(await other.GetAsync($"{ConfigMaps}?continue={gone["metadata"]!["continue"]}")));
    }

    [Fact]
    public async Task ResourceVersion_and_match_choose_the_state()
    {
        await using var server = await WatchFixture.StartAsync();
        var before = Revision.None;
        for (var i = 0; i < 3; i++)
            before = await PutAsync(server, $"cm{i}");
        await PutAsync(server, "later");
        await server.Hub.SettleAsync();
        Assert.Equal("cm0 cm1 cm2 later", Names(await server.GetAsync($"{ConfigMaps}?resourceVersion={before}")));
        Assert.Equal("cm0 cm1 cm2", Names(await server.GetAsync($"{ConfigMaps}?resourceVersion={before}&resourceVersionMatch=Exact")));
        Assert.Equal("cm0 cm1 cm2 later", Names(await server.GetAsync($"{ConfigMaps}?resourceVersion={before}&resourceVersionMatch=NotOlderThan")));
        var page = await server.GetAsync($"{ConfigMaps}?resourceVersion={before}&limit=2");
        Assert.Equal("cm0 cm1", Names(page));
        Assert.Equal(1, (int?)page["metadata"]!["remainingItemCount"]);
        Assert.Equal("cm0 cm1 cm2 later", Names(await server.GetAsync($"{ConfigMaps}?resourceVersion=0&limit=1")));
        Assert.Equal("cm1", Names(await server.GetAsync($"{ConfigMaps}?fieldSelector=metadata.name%3Dcm1&limit=1")));
    }

    [Theory]
    [InlineData("resourceVersionMatch=Exact", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersion=0&resourceVersionMatch=Exact", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")]
    [InlineData("resourceVersion=1&resourceVersionMatch=Wat", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Unsupported value: \"Wat\": supported values: \"Exact\", \"NotOlderThan\", \"\"")]
    [InlineData("sendInitialEvents=true", 422, "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")]
    [InlineData("resourceVersion=abc", 400, "invalid resource version: resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": invalid syntax")]
    [InlineData("limit=abc", 400, "strconv.ParseInt: parsing \"abc\": invalid syntax")]
    [InlineData("fieldSelector=metadata.uid%3Dx", 400, "\"metadata.uid\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    [InlineData("continue=!!", 400, "invalid continue token: continue key is not valid: illegal base64 data at input byte 0")]
    [InlineData("continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MCwic3RhcnQiOiJhIn0", 400, "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)")]
    [InlineData("continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi9hIn0", 400, "invalid continue token: continue key is not valid: ../a")]
    public async Task What_does_not_go_together_is_refused(string query, int code, string message)
    {
        await using var server = await WatchFixture.StartAsync();
        var (actual, status) = await FailAsync(server, $"{ConfigMaps}?{query}");
        Assert.Equal((code, message), (actual, (string?)status["message"]));
    }

    [Fact]
    public async Task A_revision_of_the_future_is_waited_for_and_then_refused()
    {
        await using var server = await WatchFixture.StartAsync();
        var asking = FailAsync(server, $"{ConfigMaps}?resourceVersion=999");
        while (!asking.IsCompleted)
        {
            server.Hub.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        var (code, status) = await asking;
        Assert.Equal((504, "Timeout"), (code, (string?)status["reason"]));
        Assert.Equal("ResourceVersionTooLarge", (string?)status["details"]!["causes"]![0]!["reason"]);
    }

    [Theory]
    [InlineData("", 10, false)]
    [InlineData("gzip", 10, false)]
    [InlineData("deflate, gzip", 3000, true)]
    [InlineData("", 3000, false)]
    public async Task Large_lists_are_compressed_for_those_who_ask(string accepts, int objects, bool compressed)
    {
        await using var server = await WatchFixture.StartAsync();
        for (var i = 0; i < objects; i++)
            await PutAsync(server, $"cm{i:0000}");
        foreach (var form in new[] { "application/json", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, ConfigMaps);
            request.Headers.TryAddWithoutValidation("Accept", form);
            if (accepts.Length > 0)
                request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
            using var response = await server.Client.SendAsync(request);
            Assert.Equal(compressed, response.Content.Headers.ContentEncoding.Contains("gzip"));
            var body = await response.Content.ReadAsStreamAsync();
            var list = JsonNode.Parse(compressed ? new GZipStream(body, CompressionMode.Decompress) : body)!;
            Assert.Equal(objects, list["items"]!.AsArray().Count);
        }
    }

    private static Task<Revision> PutAsync(WatchFixture server, string name) =>
        server.Hub.PutAsync("ns", name, TestObjects.ConfigMap("ns", name));

    private static string Names(JsonNode list) => string.Join(' ', list["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"]));

    private static async Task<(int Code, JsonNode Status)> FailAsync(WatchFixture server, string path)
    {
        using var response = await server.Client.GetAsync(path);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
