using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Server.Authentication.Tokens;

namespace Pilothouse.Server.Tests.Authentication;

public class BootstrapTokenTests
{
    private const string Token = "abcdef.0123456789abcdef";

    [Fact]
    public async Task A_secret_is_a_token_in_the_groups_that_it_names()
    {
        await using var server = await StartAsync();
        await SecretAsync(server, ("auth-extra-groups", "system:bootstrappers:workers,system:bootstrappers:a:b"));

        var (code, user) = await server.WhoAmIAsync(Token);

        Assert.Equal(201, code);
        Assert.Equal("system:bootstrap:abcdef", (string?)user!["username"]);
        Assert.Equal(
            ["system:bootstrappers", "system:bootstrappers:a:b", "system:bootstrappers:workers", "system:authenticated"],
            user["groups"]!.AsArray().Select(g => (string?)g));
    }

    [Theory]
    [InlineData("token-secret", "0123456789abcdee")]
    [InlineData("token-secret", "")]
    [InlineData("token-id", "abcdeg")]
    [InlineData("usage-bootstrap-authentication", "false")]
    [InlineData("usage-bootstrap-authentication", "")]
    [InlineData("expiration", "2020-01-01T00:00:00Z")]
    [InlineData("expiration", "tomorrow")]
    [InlineData("auth-extra-groups", "system:masters")]
    [InlineData("auth-extra-groups", "system:bootstrappers:")]
    [InlineData("type", "Opaque")]
    public async Task What_does_not_fit_is_unknown_and_says_no_more(string key, string value)
    {
        await using var server = await StartAsync();
        await SecretAsync(server, (key, value));

        Assert.Equal(401, (await server.WhoAmIAsync(Token)).Code);
        Assert.Equal("invalid bearer token", (string?)(await server.ReviewAsync(Token))["error"]);
    }

    [Fact]
    public async Task A_token_ends_at_its_expiration_even_if_it_was_just_used()
    {
        await using var server = await StartAsync();
        var end = server.Time.GetUtcNow().AddSeconds(5);
        await SecretAsync(server, ("expiration", end.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ")));
        Assert.Equal(201, (await server.WhoAmIAsync(Token)).Code);

        server.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(401, (await server.WhoAmIAsync(Token)).Code);
    }

    [Theory]
    [InlineData("abcdef.0123456789abcde")]
    [InlineData("ABCDEF.0123456789abcdef")]
    [InlineData("abcdef:0123456789abcdef")]
    public async Task Other_forms_are_no_bootstrap_tokens(string token)
    {
        await using var server = await StartAsync();
        await SecretAsync(server);

        Assert.Equal(401, (await server.WhoAmIAsync(token)).Code);
    }

    private static async Task<AuthenticatedServer> StartAsync()
    {
        var server = await AuthenticatedServer.StartAsync((caches, time) =>
            [new AudienceAgnostic(new BootstrapTokenAuthenticator(caches, time), [AuthenticatedServer.Issuer])]);
        await server.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"kube-system"}}""");
        return server;
    }

    private static async Task SecretAsync(AuthenticatedServer server, params (string Key, string Value)[] changes)
    {
        Dictionary<string, string> data = new()
        {
            ["token-id"] = "abcdef",
            ["token-secret"] = "0123456789abcdef",
            ["usage-bootstrap-authentication"] = "true",
        };
        var type = "bootstrap.kubernetes.io/token";
        foreach (var (key, value) in changes)
        {
            if (key == "type")
                type = value;
            else
                data[key] = value;
        }
        var secret = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "bootstrap-token-abcdef" },
            ["type"] = type,
            ["data"] = new JsonObject(data.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(d.Value))))),
        };
        await server.CreateAsync("/api/v1/namespaces/kube-system/secrets", secret.ToJsonString());
        await server.CaughtUpAsync();
    }
}
