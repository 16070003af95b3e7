using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication;
using Pilothouse.Server.Authentication.Reviews;
using Pilothouse.Server.Authentication.ServiceAccounts;
using Pilothouse.Server.Authentication.Tokens;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Tests.Authentication;

/// <summary>
/// A server that knows callers by their tokens, and lets everyone do everything: what it answers to
/// <see cref="WhoAmIAsync"/> is what authentication found out.
/// </summary>
public sealed class AuthenticatedServer : IAsyncDisposable
{
    public const string Issuer = "https://kubernetes.default.svc";
    public const string AdminToken = "admin-token-0123456789";

    private AuthenticatedServer(TestServer server) => Server = server;

    public TestServer Server { get; }

    public required ServiceAccountKeys Keys { get; init; }

    public required FakeTimeProvider Time { get; init; }

    public required LogLines Log { get; init; }

    public static async Task<AuthenticatedServer> StartAsync(
        Func<ObjectCaches, FakeTimeProvider, IEnumerable<ITokenAuthenticator>>? more = null, ServiceAccountOptions? options = null,
        AsymmetricAlgorithm? signer = null, IEnumerable<IAuthenticator>? before = null, bool anonymous = true, IReadOnlyList<string>? anonymousPaths = null)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var log = new LogLines();
        var key = signer ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = new ServiceAccountKeys(key, [ServiceAccountKey.Of(key)]);
        options ??= new() { Issuers = [Issuer], Audiences = [Issuer] };
        var server = await TestServer.StartAsync(parts =>
        {
            var bearer = new BearerTokenAuthenticator(
                new StaticTokens(new Dictionary<string, UserInfo>
                {
                    [AdminToken] = new("admin", "1000", [UserInfo.Masters]),
                    ["alice-token"] = new("alice", "1001", ["dev", "qa"]),
                }),
                [
                    new SecretTokenAuthenticator(keys, options, parts.Caches),
                    new ServiceAccountTokenAuthenticator(keys, options, parts.Caches, time),
                    .. more?.Invoke(parts.Caches, time) ?? [],
                ],
                options.Audiences, time, LoggerFactory.Create(b => b.AddProvider(log).SetMinimumLevel(LogLevel.Trace)).CreateLogger<BearerTokenAuthenticator>());
            return parts with
            {
                Authenticators = [.. before ?? [], bearer],
                Authorizers = [new AlwaysAllow()],
                VirtualResources = [new TokenRequests(keys, options, parts.Caches, time), new TokenReviews(bearer), new SelfSubjectReviews(time)],
                Endpoints = [new OpenIdEndpoint(options.Issuers[0], "", "127.0.0.1:6443", keys), .. parts.Endpoints],
                Options = parts.Options with { AnonymousAuthentication = anonymous, AnonymousPaths = anonymousPaths ?? [] },
            };
        });
        return new(server) { Keys = keys, Time = time, Log = log };
    }

    public async Task<(int Code, JsonNode? Body)> SendAsync(
        string method, string path, string? body = null, string? token = AdminToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await Server.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : JsonValue.Create(text));
    }

    /// <summary>Creates an object, and fails the test when that fails.</summary>
    public async Task<JsonNode> CreateAsync(string path, string body)
    {
        var (code, answer) = await SendAsync("POST", path, body);
        Assert.True(code == 201, $"{code} {answer}");
        return answer!;
    }

    /// <summary>Until the caches show what was written: a consistent read waits for them.</summary>
    public async Task CaughtUpAsync() => Assert.Equal(200, (await SendAsync("GET", "/api/v1/namespaces/default/secrets")).Code);

    /// <summary>The user whom a token stands for, or the code of the refusal.</summary>
    public async Task<(int Code, JsonNode? User)> WhoAmIAsync(string? token, params (string Name, string Value)[] headers)
    {
        var (code, body) = await SendAsync("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", token, headers);
        return (code, body?["status"] is JsonObject status ? status["userInfo"] : null);
    }

    /// <summary>The status of a review of a token.</summary>
    public async Task<JsonNode> ReviewAsync(string token, params string[] audiences)
    {
        var spec = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray([.. audiences.Select(a => JsonValue.Create(a))]) };
        return (await CreateAsync("/apis/authentication.k8s.io/v1/tokenreviews", new JsonObject { ["spec"] = spec }.ToJsonString()))["status"]!;
    }

    /// <summary>Asks for a token of an account.</summary>
    public async Task<string> TokenAsync(string account, string spec = "{}") =>
        (string)(await CreateAsync($"/api/v1/namespaces/default/serviceaccounts/{account}/token", $$"""{"spec":{{spec}}}"""))["status"]!["token"]!;

    public async Task AccountAsync(string name) =>
        await CreateAsync("/api/v1/namespaces/default/serviceaccounts", $$$"""{"metadata":{"name":"{{{name}}}"}}""");

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
