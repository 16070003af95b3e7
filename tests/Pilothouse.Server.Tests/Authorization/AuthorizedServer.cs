using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Node;
using Pilothouse.Server.Authorization.Rbac;
using Pilothouse.Server.Authorization.Reviews;
using Pilothouse.Server.Bootstrap;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Tests.Authorization;

/// <summary>
/// A server with Node and RBAC. Who asks is said by X-User and X-Group; without them it is an administrator.
/// </summary>
internal sealed class AuthorizedServer : IAsyncDisposable
{
    private readonly TestServer _server;

    private AuthorizedServer(TestServer server) => _server = server;

    public TestServer Inner => _server;

    public static async Task<AuthorizedServer> StartAsync(Func<ApiServerParts, ApiServerParts>? change = null) =>
        new(await TestServer.StartAsync(parts =>
        {
            var policy = new RbacPolicy(parts.Caches);
            var freshness = new Freshness(parts.Caches, parts.Time);
            IAuthorizer[] authorizers =
            [
                new MastersAuthorizer(),
                new NodeAuthorizer(new(parts.Caches), freshness, BootstrapPolicy.NodeRules),
                new RbacAuthorizer(policy, freshness),
            ];
            var chain = new AuthorizerChain(authorizers);
            var changed = parts with
            {
                Authenticators = [new HeaderUsers()],
                Authorizers = authorizers,
                EscalationGuard = new EscalationGuard(policy, chain),
                VirtualResources = AuthorizationReviews.All(chain),
            };
            return change is null ? changed : change(changed);
        }));

    /// <summary>Sends a request.</summary>
    /// <param name="method">GET …</param>
    /// <param name="path">With its query.</param>
    /// <param name="user">Empty for the administrator; <c>alice/dev,qa</c> names groups, too.</param>
    /// <param name="body">JSON.</param>
    /// <param name="contentType">Of the body.</param>
    /// <param name="headers">Further ones.</param>
    public async Task<(int Code, JsonNode? Body)> SendAsync(
        string method, string path, string user = "", string? body = null, string contentType = "application/json",
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        var slash = user.IndexOf('/', StringComparison.Ordinal);
        if (user.Length > 0)
            request.Headers.Add("X-User", slash < 0 ? user : user[..slash]);
        foreach (var group in slash < 0 ? [] : user[(slash + 1)..].Split(','))
            request.Headers.Add("X-Group", group);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _server.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0
            ? JsonNode.Parse(text) : JsonValue.Create(text);
        return ((int)response.StatusCode, json);
    }

    /// <summary>Makes an object, as the administrator.</summary>
    public async Task CreateAsync(string path, string body)
    {
        var (code, answer) = await SendAsync("POST", path, body: body);
        Assert.True(code == (int)HttpStatusCode.Created, $"{path}: {code} {answer?.ToJsonString()}");
    }

    /// <summary>A cluster role and a binding of it; rules are as in YAML's JSON.</summary>
    public async Task GrantAsync(string user, string rules, string ns = "")
    {
        var name = $"grant-{Guid.NewGuid():N}";
        const string Group = "/apis/rbac.authorization.k8s.io/v1";
        await CreateAsync($"{Group}/clusterroles", $$"""{"metadata":{"name":"{{name}}"},"rules":{{rules}}}""");
        var (path, kind) = ns.Length == 0 ? ($"{Group}/clusterrolebindings", "ClusterRoleBinding") : ($"{Group}/namespaces/{ns}/rolebindings", "RoleBinding");
        await CreateAsync(path, $$$"""
            {"kind":"{{{kind}}}","metadata":{"name":"{{{name}}}"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"{{{user}}}"}],
             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{name}}}"}}
            """);
    }

    public static string MessageOf(JsonNode? body) => (body as JsonObject)?["message"]?.GetValue<string>() ?? "";

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private sealed class HeaderUsers : IAuthenticator
    {
        public ValueTask<Outcome<UserInfo?>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken)
        {
            var name = request.Http.Request.Headers["X-User"].ToString();
            var groups = request.Http.Request.Headers["X-Group"].Select(g => g!).ToList();
            return new(name.Length == 0 ? new UserInfo("admin", "", [UserInfo.Masters]) : new UserInfo(name, "", [.. groups, UserInfo.Authenticated]));
        }
    }
}
