using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Pilothouse.Server.Tests.Webhooks;

namespace Pilothouse.Server.Tests.Authentication;

/// <summary>An OpenID provider of the tests' own, over TLS on loopback, that rotates its keys when it is told to.</summary>
public sealed class TestProvider : IAsyncDisposable
{
    private readonly TestWebhook _http;
    private RSA _key = RSA.Create(2048);
    private string _keyId = "key-1";

    private TestProvider(TestWebhook http) => _http = http;

    public string Issuer => _http.Address;

    public string AuthorityPem => _http.Authority.Pem;

    /// <summary>How often the keys were read.</summary>
    public int KeysRead => _http.Calls.Count(c => c.Path == "/keys");

    /// <summary>How often it was looked for.</summary>
    public int Discovered => _http.Calls.Count(c => c.Path.EndsWith("/openid-configuration", StringComparison.Ordinal));

    /// <summary>It answers 503 to everything.</summary>
    public bool IsDown { get; set; }

    /// <summary>What it calls itself, if not its own name.</summary>
    public string? OtherName { get; set; }

    public static async Task<TestProvider> StartAsync()
    {
        TestProvider? provider = null;
        var http = await TestWebhook.StartAsync((call, context) => provider!.AnswerAsync(call, context));
        return provider = new(http);
    }

    /// <summary>From now on another key signs, and the old one is forgotten.</summary>
    public void Rotate()
    {
        _key = RSA.Create(2048);
        _keyId = "key-" + Guid.NewGuid().ToString("n");
    }

    /// <summary>A token for the client "kubernetes", good for an hour.</summary>
    /// <param name="now">When it is made.</param>
    /// <param name="change">Changes the claims.</param>
    public string Token(DateTimeOffset now, Action<JsonObject>? change = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = "kubernetes",
            ["sub"] = "jane",
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["groups"] = new JsonArray("devs", "ops"),
        };
        change?.Invoke(claims);
        return ForgedJwt.Make(claims, _key, _keyId);
    }

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private async Task AnswerAsync(TestWebhook.Call call, HttpContext context)
    {
        context.Response.ContentType = "application/json";
        if (IsDown)
            context.Response.StatusCode = 503;
        else if (call.Path == "/keys")
            await context.Response.WriteAsync(Keys().ToJsonString());
        else if (call.Path.EndsWith("/openid-configuration", StringComparison.Ordinal))
            await context.Response.WriteAsync(new JsonObject { ["issuer"] = OtherName ?? Issuer, ["jwks_uri"] = Issuer + "/keys" }.ToJsonString());
        else
            context.Response.StatusCode = 404;
    }

    private JsonObject Keys()
    {
        var parameters = _key.ExportParameters(false);
        return new()
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["alg"] = "RS256",
                ["kid"] = _keyId,
                ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            }),
        };
    }
}
