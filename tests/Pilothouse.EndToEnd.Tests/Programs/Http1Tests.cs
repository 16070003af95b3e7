using System.Net.Sockets;
using System.Text;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Programs;

/// <summary>What old and broken clients read from the socket, which is what Go's server would send them.</summary>
public sealed class Http1Tests : IAsyncLifetime
{
    private readonly int _port = PilothouseProcess.FreePort();
    private PilothouseProcess _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await PilothouseProcess.StartAsync("--storage=memory", $"--insecure-port={_port}", "--authorization-mode=RBAC");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Requests_that_cannot_be_read_are_refused_as_Go_refuses_them()
    {
        (string Request, string Status)[] cases =
        [
            ("GET /healthz HTTP/1.1\r\n\r\n", "400 Bad Request: missing required Host header"),
            ("NONSENSE\r\n\r\n", "400 Bad Request"),
            ("G(T /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"),
            ("GET healthz HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"),
            ("GET /healthz HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n", "400 Bad Request: invalid header name"),
            ("GET /healthz HTTP/1.1\r\nName : x\r\nhost: x\r\n\r\n", "400 Bad Request: invalid header name"),
            ("GET /healthz HTTP/1.1\r\nBad Header: x\r\nA: Host: x\r\n\r\n", "400 Bad Request: missing required Host header"),
            ("GET /healthz HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", "400 Bad Request"),
            ("GET /healthz HTTP/1.1\r\nHost: x y\r\n\r\n", "400 Bad Request: malformed Host header"),
            ("GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400 Bad Request"),
            ("GET http://y/healthz HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"),
            ("GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n", "505 HTTP Version Not Supported: unsupported protocol version"),
            ("GET /healthz HTTP/0.9\r\n\r\n", "505 HTTP Version Not Supported: unsupported protocol version"),
            ("GET /healthz HTTX/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"),
            ("POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", "400 Bad Request"),
            ("POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400 Bad Request"),
            ($"GET /healthz HTTP/1.1\r\nHost: x\r\nA: {new string('a', 1_100_000)}\r\n\r\n", "431 Request Header Fields Too Large"),
            ($"GET /{new string('a', 1_100_000)} HTTP/1.1\r\nHost: x\r\n\r\n", "431 Request Header Fields Too Large"),
        ];
        foreach (var (request, status) in cases)
        {
            Assert.Equal(
                $"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n{status}",
                await ReadAllAsync(request));
        }
        Assert.Equal(
            "HTTP/1.1 501 Not Implemented\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\nUnsupported transfer encoding",
            await ReadAllAsync("POST /api HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"));
    }

    [Fact]
    public async Task A_refusal_follows_the_answers_to_the_requests_before_it()
    {
        var text = await ReadAllAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nokHTTP/1.1 400 Bad Request: missing required Host header\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Connection: close\r\n\r\n400 Bad Request: missing required Host header", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_breaks_off_does_not_touch_the_answer()
    {
        var text = await ReadAllAsync("POST /api/v1/namespaces HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HTTP_1_0_is_answered_in_its_version_and_the_connection_closes()
    {
        const string body = """{"metadata":{"name":"a"}}""";
        (string Request, string Status, string Body)[] cases =
        [
            ("GET /healthz HTTP/1.0\r\n\r\n", "200 OK", "ok"),
            ("HEAD /readyz HTTP/1.0\r\n\r\n", "200 OK", ""),
            ("GET /nothing HTTP/1.0\r\nHost: x\r\n\r\n", "404 Not Found", "404 page not found\n"),
            ($"POST /api/v1/namespaces/default/configmaps HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}",
                "201 Created", ""),
            ("GET /api/v1/namespaces/default/configmaps/a HTTP/1.0\r\n\r\n", "200 OK", ""),
            ("GET /api/v1/namespaces/default/configmaps/b HTTP/1.0\r\n\r\n", "404 Not Found", ""),
            ("GET /api/v1/namespaces/default/configmaps/a HTTP/1.0\r\nAuthorization: Bearer wrong\r\n\r\n", "200 OK", ""),
        ];
        foreach (var (request, status, expected) in cases)
        {
            var text = await ReadAllAsync(request);
            Assert.StartsWith($"HTTP/1.0 {status}\r\nContent-", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\r\nConnection:", text, StringComparison.Ordinal);
            if (expected.Length > 0)
                Assert.EndsWith($"\r\n\r\n{expected}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_without_a_known_length_ends_with_the_connection_in_HTTP_1_0()
    {
        // Every answer of this size is chunked for those who know chunks.
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{_port}/") };
        for (var i = 0; i < 3; i++)
        {
            using var content = new StringContent($$$"""{"metadata":{"name":"c{{{i}}}"},"data":{"a":"{{{new string('x', 300_000)}}}"}}""", Encoding.UTF8, "application/json");
            (await http.PostAsync("api/v1/namespaces/default/configmaps", content, TestContext.Current.CancellationToken)).Dispose();
        }
        var text = await ReadAllAsync("GET /api/v1/namespaces/default/configmaps HTTP/1.0\r\n\r\n");
        Assert.StartsWith("HTTP/1.0 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nConnection:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("chunked", text, StringComparison.Ordinal);
        Assert.True(text.Length > 900_000);
        Assert.EndsWith("]}", text.TrimEnd('\n'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HTTP_1_0_keeps_the_connection_for_those_who_ask_and_versions_may_mix_on_it()
    {
        var text = await ReadAllAsync(
            "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.0\r\n\r\n");
        var answers = text.Split("HTTP/1.", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, answers.Length);
        Assert.StartsWith("0 200 OK\r\n", answers[0], StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: keep-alive\r\n", answers[0], StringComparison.Ordinal);
        Assert.StartsWith("1 200 OK\r\n", answers[1], StringComparison.Ordinal);
        Assert.StartsWith("0 200 OK\r\n", answers[2], StringComparison.Ordinal);
        Assert.DoesNotContain("Connection:", answers[1] + answers[2], StringComparison.Ordinal);
        Assert.All(answers, answer => Assert.EndsWith("\r\n\r\nok", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task HTTP_1_1_is_told_that_the_connection_closes_when_it_asked_for_that()
    {
        var text = await ReadAllAsync("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_HTTP_on_the_TLS_port_is_told_so()
    {
        Assert.Equal("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
            await ReadAllAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", _server.Address.Port));
        // Other bytes are a handshake that fails.
        Assert.DoesNotContain("HTTP", await ReadAllAsync("NONSENSE\r\n\r\n", _server.Address.Port), StringComparison.Ordinal);
    }

    private Task<string> ReadAllAsync(string request) => ReadAllAsync(request, _port);

    /// <summary>Sends bytes and reads until the server closes.</summary>
    private static async Task<string> ReadAllAsync(string request, int port)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, limit.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), limit.Token);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(limit.Token);
    }
}
