using Pilothouse.Catalog;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>All paths of a catalog, with their operations, in the order of their names.</summary>
internal static class ApiPaths
{
    internal const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    /// <param name="catalog">What is served.</param>
    /// <param name="descriptions">What it means.</param>
    /// <param name="withCustom">Custom resources too.</param>
    public static IReadOnlyList<ApiPath> Of(ResourceCatalog catalog, ApiDescriptions descriptions, bool withCustom = true)
    {
        var parameters = new OperationParameters(descriptions);
        List<ApiPath> paths = [.. Fixed()];
        foreach (var group in catalog.Groups.Where(g => withCustom || !g.IsCustom))
        {
            var name = new GroupName(group.Name);
            if (group.Name.Length > 0)
            {
                paths.Add(Single(
                    $"/apis/{group.Name}/", $"apis/{group.Name}",
                    Read($"get{name.Pascal}APIGroup", name.Camel, "get information of a group", Meta + "APIGroup")));
            }
            foreach (var version in group.Versions)
            {
                var root = group.Name.Length == 0 ? $"/api/{version}" : $"/apis/{group.Name}/{version}";
                paths.Add(Single(
                    root + "/", root[1..],
                    Read($"get{name.With(version)}APIResources", name.Tag(version), "get available resources", Meta + "APIResourceList")));
                foreach (var resource in catalog.Served.Where(s => s.Resource.Group == group.Name && s.Resource.Version == version && (withCustom || !s.IsCustom)))
                    paths.AddRange(new ResourcePaths(resource, root, name, parameters).All());
            }
        }
        return [.. paths.OrderBy(p => p.Path, StringComparer.Ordinal)];
    }

    private static IEnumerable<ApiPath> Fixed() =>
    [
        Single("/api/", "api", Read("getCoreAPIVersions", "core", "get available API versions", Meta + "APIVersions")),
        Single("/apis/", "apis", Read("getAPIVersions", "apis", "get available API versions", Meta + "APIGroupList")),
        Single(
            "/version/", "version",
            Read("getCodeVersion", "version", "get the version information for this server", "io.k8s.apimachinery.pkg.version.Info")
                with { Consumes = ["application/json"], Produces = ["application/json"] }),
        Single(
            "/.well-known/openid-configuration/", ".well-known/openid-configuration",
            Read("getServiceAccountIssuerOpenIDConfiguration", "WellKnown", "get service account issuer OpenID configuration", "")
                with { Produces = ["application/json"], MayBeUnauthorized = false }),
        Single(
            "/openid/v1/jwks/", "openid/v1/jwks",
            Read("getServiceAccountIssuerOpenIDKeyset", "openid", "get service account issuer OpenID JSON Web Key Set", "")
                with { Produces = ["application/jwk-set+json"], MayBeUnauthorized = false }),
    ];

    private static ApiPath Single(string path, string document, ApiOperation operation) => new(path, document, [operation]);

    private static ApiOperation Read(string id, string tag, string description, string definition) =>
        new("get", id, tag, description)
        {
            Consumes = ApiOperation.Serializations,
            Responses = [new(200, "OK", definition)],
        };
}
