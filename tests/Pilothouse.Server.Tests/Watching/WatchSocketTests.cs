using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Pilothouse.Server.Tests.Presentation;

namespace Pilothouse.Server.Tests.Watching;

public sealed class WatchSocketTests
{
    private const string ConfigMaps = "/api/v1/namespaces/x/configmaps";

    [Fact]
    public async Task Each_event_is_a_text_message()
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"a"},"data":{"k":"1"}}""");
        using var socket = await OpenAsync(server, "application/json");
        Assert.Equal("ADDED", (string?)JsonNode.Parse(await ReadAsync(socket, WebSocketMessageType.Text))!["type"]);
        await server.SendAsync("PATCH", $"{ConfigMaps}/a", """{"data":{"k":"2"}}""", "application/merge-patch+json");
        var changed = JsonNode.Parse(await ReadAsync(socket, WebSocketMessageType.Text))!;
        Assert.Equal(("MODIFIED", "2"), ((string?)changed["type"], (string?)changed["object"]!["data"]!["k"]));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Protobuf_comes_in_binary_messages_without_a_length_of_their_own()
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"a"},"data":{"k":"1"}}""");
        using var socket = await OpenAsync(server, ProtobufClient.MediaType);
        var message = await ReadAsync(socket, WebSocketMessageType.Binary);
        Assert.Equal("\n\u0005ADDED"u8.ToArray(), message[..7]);
    }

    [Fact]
    public async Task A_watch_whose_time_is_up_says_goodbye()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await OpenAsync(server, "application/json", "&timeoutSeconds=1");
        var result = await socket.ReceiveAsync(new byte[100].AsMemory(), new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
        Assert.Equal(WebSocketMessageType.Close, result.MessageType);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task A_page_without_an_origin_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(AddressOf(server, ""), CancellationToken.None));
        Assert.Equal(403, (int)socket.HttpStatusCode);
    }

    private static async Task<ClientWebSocket> OpenAsync(TestServer server, string accept, string query = "")
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Accept", accept);
        socket.Options.SetRequestHeader("Origin", "http://dashboard.example");
        await socket.ConnectAsync(AddressOf(server, query), CancellationToken.None);
        return socket;
    }

    private static Uri AddressOf(TestServer server, string query) =>
        new UriBuilder(new Uri(server.Client.BaseAddress!, $"{ConfigMaps}?watch=true{query}")) { Scheme = "ws" }.Uri;

    private static async Task<byte[]> ReadAsync(ClientWebSocket socket, WebSocketMessageType type)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[64 * 1024];
        var result = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
        Assert.Equal(type, result.MessageType);
        Assert.True(result.EndOfMessage);
        return buffer[..result.Count];
    }
}
