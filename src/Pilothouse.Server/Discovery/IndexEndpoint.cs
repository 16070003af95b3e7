using Pilothouse.Catalog;
using Pilothouse.Server.Health;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Discovery;

/// <summary><c>/</c>: the paths that there are, resources left out.</summary>
internal sealed class IndexEndpoint(Func<ResourceCatalog> catalog, HealthChecks health) : IEndpoint
{
    private static readonly string[] Fixed =
    [
        "/.well-known/openid-configuration", "/api", "/api/v1", "/apis", "/apis/", "/metrics", "/openapi/v2", "/openapi/v3",
        "/openapi/v3/", "/openid/v1/jwks", "/version",
    ];

    public bool Matches(RequestInfo info) => !info.IsResourceRequest && info.Path is "/" or "/index.html";

    public ValueTask HandleAsync(ApiRequest request)
    {
        var groups = catalog().Groups.Where(g => g.Name.Length > 0)
            .SelectMany(g => g.Versions.Select(v => $"/apis/{g.Name}/{v}").Prepend($"/apis/{g.Name}"));
        string[] paths = [.. Fixed.Concat(groups).Concat(health.Paths).Order(StringComparer.Ordinal)];
        return PreparedDocument.Json(indented: true, write: json =>
        {
            json.WriteStartObject();
            DiscoveryDocuments.WriteList(json, "paths"u8, paths);
            json.WriteEndObject();
        }).WriteAsync(request, withETag: false);
    }
}
