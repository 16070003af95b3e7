using System.Buffers.Text;
using System.Text;

namespace Pilothouse.Server.Tests.Authentication;

public class AnonymousTests
{
    [Fact]
    public async Task Callers_without_credentials_are_anonymous_or_refused()
    {
        await using var open = await AuthenticatedServer.StartAsync();
        await using var closed = await AuthenticatedServer.StartAsync(anonymous: false);
        await using var partly = await AuthenticatedServer.StartAsync(anonymousPaths: ["/livez", "/healthz"]);

        Assert.Equal("system:anonymous", (string?)(await open.WhoAmIAsync(null)).User!["username"]);
        Assert.Equal(401, (await closed.WhoAmIAsync(null)).Code);
        Assert.Equal(401, (await partly.WhoAmIAsync(null)).Code);
        Assert.Equal(200, (await partly.SendAsync("GET", "/livez", token: null)).Code);
        Assert.Equal(401, (await partly.SendAsync("GET", "/livez/ping", token: null)).Code);
        Assert.Equal(401, (await open.WhoAmIAsync("wrong")).Code);
    }

    [Fact]
    public async Task A_token_behind_two_spaces_is_none_and_a_warning_says_so()
    {
        await using var server = await AuthenticatedServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces/default/configmaps");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer  " + AuthenticatedServer.AdminToken);

        using var response = await server.Server.Client.SendAsync(request);

        Assert.Equal(
            "299 - \"the provided Authorization header contains extra space before the bearer token, and is ignored\"",
            Assert.Single(response.Headers.GetValues("Warning")));
    }

    [Theory]
    [InlineData("chat", 201)]
    [InlineData("", 401)]
    public async Task A_websocket_may_bring_its_token_as_a_protocol(string other, int code)
    {
        await using var server = await AuthenticatedServer.StartAsync(anonymous: false);
        var token = "base64url.bearer.authorization.k8s.io." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes("alice-token"));

        var (answered, user) = await server.WhoAmIAsync(
            null, ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Protocol", other.Length == 0 ? token : $"{token}, {other}"));

        Assert.Equal(code, answered);
        if (code == 201)
            Assert.Equal("alice", (string?)user!["username"]);
    }
}
