using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Pilothouse.Catalog;
using Pilothouse.Server.Discovery;
using Pilothouse.Server.Health;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Tests.Discovery;

/// <summary>Asks the well-known endpoints of a server with the built-in catalog, without a network.</summary>
internal sealed class WellKnownClient
{
    private static readonly ResourceCatalog Catalog = BuiltInCatalog.Load();

    private readonly IReadOnlyList<IEndpoint> _endpoints;

    public WellKnownClient() =>
        _endpoints = WellKnownEndpoints.All(() => Catalog, Health, "192.0.2.1:6443", NullLoggerFactory.Instance, TimeProvider.System);

    public HealthChecks Health { get; } = new();

    public async Task<Answer> AskAsync(string target, string? accept = null, string method = "GET", string? ifNoneMatch = null,
        string? acceptEncoding = null)
    {
        var http = new DefaultHttpContext();
        var body = new MemoryStream();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        http.Request.Method = method;
        var question = target.IndexOf('?');
        http.Request.Path = question < 0 ? target : target[..question];
        http.Request.QueryString = new(question < 0 ? "" : target[question..]);
        http.Features.Get<IHttpRequestFeature>()!.RawTarget = target;
        if (accept is not null)
            http.Request.Headers.Accept = accept;
        if (ifNoneMatch is not null)
            http.Request.Headers.IfNoneMatch = ifNoneMatch;
        if (acceptEncoding is not null)
            http.Request.Headers.AcceptEncoding = acceptEncoding;
        Assert.True(RequestInfoParser.Parse(http).TryGet(out var info, out _));
        using var request = new ApiRequest(http, info) { Received = DateTimeOffset.UnixEpoch, Cancellation = TestContext.Current.CancellationToken };
        var endpoint = _endpoints.First(e => e.Matches(info));
        await endpoint.HandleAsync(request);
        await http.Response.BodyWriter.FlushAsync();
        return new(http.Response.StatusCode, http.Response.Headers, body.ToArray());
    }

    public async Task<JsonElement> ReadAsync(string target, string? accept = null)
    {
        var answer = await AskAsync(target, accept);
        Assert.Equal(200, answer.Code);
        return answer.Json;
    }

    internal sealed record Answer(int Code, IHeaderDictionary Headers, byte[] Body)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Body);

        public JsonElement Json => JsonElement.Parse(Body);
    }
}
