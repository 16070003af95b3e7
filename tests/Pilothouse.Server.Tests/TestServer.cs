using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Authentication;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Discovery;
using Pilothouse.Server.Health;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;
using Pilothouse.Storage.Memory;

namespace Pilothouse.Server.Tests;

/// <summary>
/// A whole server in the test's own process: Kestrel on a free port, the memory store. Who asks is said by the X-User header;
/// without it it is an administrator, and only administrators may do anything.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    private static readonly Lazy<ResourceCatalog> s_catalog = new(BuiltInCatalog.Load);

    private readonly WebApplication _kestrel;
    private readonly ApiServer _server;

    private TestServer(WebApplication kestrel, ApiServer server, IStore store, HttpClient client, FaultLog faults)
    {
        (_kestrel, _server, Store, Client, Faults) = (kestrel, server, store, client, faults);
    }

    public IStore Store { get; }

    public HttpClient Client { get; }

    /// <summary>Errors that the server logged. A test that expects one clears it; others must end with none.</summary>
    public FaultLog Faults { get; }

    public static Task<TestServer> StartAsync() => StartAsync(parts => parts);

    public static async Task<TestServer> StartAsync(Func<ApiServerParts, ApiServerParts> change)
    {
        var faults = new FaultLog();
        var logging = LoggerFactory.Create(b => b.AddProvider(faults));
        var store = new MemoryStore();
        var catalog = s_catalog.Value;
        var resources = new ServedResources(catalog);
        var caches = new ObjectCaches(store, catalog.Stored, new(), TimeProvider.System, logging.CreateLogger<ObjectCaches>());
        var server = new ApiServer(change(new ApiServerParts
        {
            Store = store,
            Resources = resources,
            Caches = caches,
            Authenticators = [new HeaderAuthenticator()],
            Authorizers = [new MastersAuthorizer()],
            Endpoints = WellKnownEndpoints.All(() => resources.Current, new HealthChecks(), "127.0.0.1:6443", logging, TimeProvider.System),
            Logging = logging,
        }));
        await server.StartAsync(CancellationToken.None);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var kestrel = builder.Build();
        kestrel.Run(server.HandleAsync);
        await kestrel.StartAsync();
        var address = kestrel.Urls.Single();
        return new(kestrel, server, store, new HttpClient { BaseAddress = new(address), Timeout = TimeSpan.FromSeconds(30) }, faults);
    }

    /// <summary>A server with admission plugins, those named and no others.</summary>
    public static Task<TestServer> WithAdmissionAsync(AdmissionConfiguration? configuration, params string[] plugins) => StartAsync(parts =>
    {
        var (mutating, validating) = AdmissionPlugins.Make(plugins.ToHashSet(), new()
        {
            Resources = parts.Resources,
            Caches = parts.Caches,
            Store = parts.Store,
            Authorizer = new AuthorizerChain(parts.Authorizers),
            Configuration = configuration ?? AdmissionConfiguration.None,
            Time = parts.Time,
            Logging = parts.Logging,
        });
        return parts with { MutatingAdmission = mutating, ValidatingAdmission = validating };
    });

    /// <summary>Sends a request and reads the whole answer.</summary>
    public async Task<(int Code, JsonNode? Body, HttpResponseHeaders Headers)> SendAsync(
        string method, string path, string? body = null, string contentType = "application/json", string user = "", string accept = "")
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        if (user.Length > 0)
            request.Headers.Add("X-User", user);
        if (accept.Length > 0)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        JsonNode? json = null;
        if (text.Length > 0 && response.Content.Headers.ContentType?.MediaType == "application/json")
            json = JsonNodes.Parse(text);
        return ((int)response.StatusCode, json ?? (text.Length > 0 ? JsonValue.Create(text) : null), response.Headers);
    }

    /// <summary>Fails the test when the server logged an error.</summary>
    public void AssertNoFaults()
    {
        if (!Faults.Errors.IsEmpty)
            Assert.Fail(string.Join("\n", Faults.Errors));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _kestrel.StopAsync();
        await _kestrel.DisposeAsync();
        await _server.DisposeAsync();
        await Store.DisposeAsync();
    }

    private sealed class HeaderAuthenticator : IAuthenticator
    {
        public ValueTask<Outcome<UserInfo?>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken)
        {
            var name = request.Http.Request.Headers["X-User"].ToString();
            return new(name.Length == 0 ? new UserInfo("admin", "", [UserInfo.Masters]) : new UserInfo(name, "", []));
        }
    }
}
