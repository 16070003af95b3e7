using Microsoft.AspNetCore.Http;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Discovery;

/// <summary>
/// <c>/api</c>, <c>/apis</c> and what is between them and the resources: which groups, versions and resources there are.
/// </summary>
/// <param name="catalog">The newest snapshot of what is served.</param>
/// <param name="serverAddress">The <c>host:port</c> under which the server advertises itself.</param>
internal sealed class DiscoveryEndpoint(Func<ResourceCatalog> catalog, string serverAddress) : IEndpoint
{
    private static readonly string[] Offered = [MediaTypes.Json, MediaTypes.Yaml, MediaTypes.Protobuf];

    private readonly PreparedDocument _versions = PreparedDocument.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, "APIVersions"u8);
        json.WriteStartArray("versions"u8);
        json.WriteStringValue("v1"u8);
        json.WriteEndArray();
        json.WriteStartArray("serverAddressByClientCIDRs"u8);
        json.WriteStartObject();
        json.WriteString("clientCIDR"u8, "0.0.0.0/0"u8);
        json.WriteString("serverAddress"u8, serverAddress);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    // Replaced whole when the catalog has changed; two requests that see the change at once make the same documents.
    private volatile DiscoveryDocuments? _documents;

    public bool Matches(RequestInfo info) =>
        !info.IsResourceRequest && TryPlace(info.Path, out var place) && IsServed(place);

    public async ValueTask HandleAsync(ApiRequest request)
    {
        if (!TryPlace(request.Info.Path, out var place))
            throw new InvalidOperationException($"{request.Info.Path} is no discovery path.");
        var documents = Documents();
        // The lists of groups, and a group, answer whatever method they are asked with; the rest is read with GET only.
        var anyMethod = place is { Prefix: "apis", Version: "" };
        if (!anyMethod && !HttpMethods.IsGet(request.Http.Request.Method))
        {
            await StatusWriter.WriteAsync(request, Status.MethodNotAllowed());
            return;
        }
        var (plain, type, aggregated) = place switch
        {
            { Prefix: "api", Version: "" } => (_versions, "APIVersions", documents.AggregatedCore),
            { Prefix: "apis", Group: "" } => (documents.Groups, "APIGroupList", documents.AggregatedGroups),
            { Version: "" } => (documents.Group(place.Group), "APIGroup", null),
            _ => (documents.GroupVersion(place.Group, place.Version), "APIResourceList", null),
        };
        if (plain is null)
            await StatusWriter.WriteAsync(request, Status.PathNotFound());
        else
            await NegotiateAsync(request, plain, type, aggregated);
    }

    private static async ValueTask NegotiateAsync(ApiRequest request, PreparedDocument plain, string type, PreparedDocument? aggregated)
    {
        foreach (var clause in MediaClause.Parse(request.Http.Request.Headers.Accept))
        {
            var wantsAggregated = clause.Parameters.ContainsKey("as");
            if (wantsAggregated && (aggregated is null || !WantsAggregated(clause)))
                continue;
            if (Offered.FirstOrDefault(clause.Covers) is not { } media)
                continue;
            if (!wantsAggregated)
            {
                await WritePlainAsync(request, plain, type, media);
                return;
            }
            var headers = request.Http.Response.Headers;
            headers.Vary = "Accept";
            headers.CacheControl = "public";
            var document = media switch
            {
                MediaTypes.Protobuf => aggregated!.InProtobuf(BuiltInCatalog.Types.Get("io.k8s.api.apidiscovery.v2.APIGroupDiscoveryList")),
                MediaTypes.Yaml => aggregated!.InYaml(),
                _ => aggregated!,
            };
            await document.WriteAsync(request, withETag: true);
            return;
        }
        await StatusWriter.WriteAsync(request, FormSelector.NotAcceptable($"only the following media types are accepted: {MediaTypes.Known}"));
    }

    private static async ValueTask WritePlainAsync(ApiRequest request, PreparedDocument document, string type, string media)
    {
        if (media == MediaTypes.Protobuf)
        {
            await document.InProtobuf(BuiltInCatalog.MetaType(type)).WriteAsync(request, withETag: false);
            return;
        }
        request.WantsYaml = media == MediaTypes.Yaml;
        var pretty = FormSelector.WantsPretty(request.Http.Request);
        if (!pretty && !request.WantsYaml)
        {
            await document.WriteAsync(request, withETag: false);
            return;
        }
        await AnswerShaper.RunAsync(
            request, pretty,
            async () =>
            {
                await document.WriteAsync(request, withETag: false, mayCompress: false);
                return true;
            });
    }

    private static bool WantsAggregated(MediaClause clause) =>
        clause.Parameters.GetValueOrDefault("as") == "APIGroupDiscoveryList"
        && clause.Parameters.GetValueOrDefault("g") == "apidiscovery.k8s.io"
        && clause.Parameters.GetValueOrDefault("v") == "v2";

    /// <summary>A group that is built in answers for its unknown versions too (404 as a Status); others are nobody's.</summary>
    private bool IsServed(Place place) =>
        place.Prefix == "api" || place.Group.Length == 0
        || (Documents() is var documents && documents.Group(place.Group) is not null
            && (place.Version.Length == 0 || !documents.Catalog.Groups.Any(g => g.IsCustom && g.Name == place.Group)
                || documents.GroupVersion(place.Group, place.Version) is not null));

    private DiscoveryDocuments Documents()
    {
        var current = catalog();
        var documents = _documents;
        if (documents is null || !ReferenceEquals(documents.Catalog, current))
            _documents = documents = new(current);
        return documents;
    }

    /// <summary>/api, /api/V, /apis, /apis/G and /apis/G/V, each with or without a slash behind it.</summary>
    private static bool TryPlace(string path, out Place place)
    {
        place = default;
        if (!path.StartsWith("/api", StringComparison.Ordinal))
            return false;
        var parts = path[1..].Split('/');
        if (parts[^1].Length == 0)
            parts = parts[..^1];
        if (parts.Any(p => p.Length == 0))
            return false;
        place = parts switch
        {
            ["api"] => new("api", "", ""),
            ["api", var version] => new("api", "", version),
            ["apis"] => new("apis", "", ""),
            ["apis", var group] => new("apis", group, ""),
            ["apis", var group, var version] => new("apis", group, version),
            _ => default,
        };
        return place.Prefix is not null;
    }

    private readonly record struct Place(string Prefix, string Group, string Version);
}
