using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>Lists and watches over real connections: Kestrel with the two handlers and nothing else of a request's way.</summary>
internal sealed class WatchFixture : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();

    private WatchFixture(CacheFixture hub, WebApplication app)
    {
        Hub = hub;
        _app = app;
    }

    public CacheFixture Hub { get; }

    public HttpClient Client { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public static async Task<WatchFixture> StartAsync(ObjectCachesOptions? options = null, IStore? store = null, bool http2 = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(
            IPAddress.Loopback, 0, l => l.Protocols = http2 ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var fixture = new WatchFixture(new(options, store), builder.Build());
        var lists = new ListHandler(fixture.Hub.Caches, fixture.Hub.Store);
        var watches = new WatchHandler(fixture.Hub.Caches, fixture.Hub.Time, NullLogger<WatchHandler>.Instance);
        fixture._app.Run(http => fixture.HandleAsync(http, lists, watches));
        await fixture._app.StartAsync();
        fixture.Address = new(fixture._app.Urls.First());
        fixture.Client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 2000, EnableMultipleHttp2Connections = true })
        {
            BaseAddress = fixture.Address,
            DefaultRequestVersion = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(30),
        };
        await fixture.Hub.SettleAsync();
        return fixture;
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(path))!;

    /// <summary>Opens a watch; the reader yields each event when it comes.</summary>
    public async Task<WatchReader> WatchAsync(string path)
    {
        var response = await Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        return new(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>As a server does that stops.</summary>
    public Task StopWatchesAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Hub.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http, ListHandler lists, WatchHandler watches)
    {
        if (!RequestInfoParser.Parse(http).TryGet(out var info, out var failure))
            throw new InvalidOperationException(failure.Message);
        using var request = new ApiRequest(http, info) { Received = Hub.Time.GetUtcNow(), Time = Hub.Time, Stopping = _stopping.Token };
        var resource = TestObjects.Served(info.Group, info.Version, info.Resource);
        ObjectForm form = http.Request.Headers.Accept.ToString().Contains("PartialObjectMetadata", StringComparison.Ordinal)
            ? new PartialMetadataForm() : new JsonForm(resource);
        failure = info.Verb == "watch"
            ? await watches.HandleAsync(request, resource, form)
            : await lists.HandleAsync(request, resource, form);
        if (failure is not null)
            await StatusWriter.WriteAsync(request, failure);
    }
}
