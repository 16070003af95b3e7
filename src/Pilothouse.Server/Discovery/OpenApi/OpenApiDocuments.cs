using System.Collections.Frozen;
using Pilothouse.Catalog;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>The OpenAPI documents of one snapshot of the catalog. Made when one is first asked for, and kept compressed.</summary>
internal sealed class OpenApiDocuments
{
    private readonly Lazy<PreparedDocument> _v2;
    private readonly Lazy<PreparedDocument> _v2Protobuf;
    private readonly Lazy<V3> _v3;

    public OpenApiDocuments(ResourceCatalog catalog, Func<SchemaLibrary> types, string version)
    {
        Catalog = catalog;
        _v2 = new(() =>
        {
            var descriptions = ApiDescriptions.Load();
            // OpenAPI 2 cannot say most of what custom resources' schemas say; nobody but old clients asks for it.
            var paths = ApiPaths.Of(catalog, descriptions, withCustom: false);
            return PreparedDocument.Json(json => new OpenApiV2Writer(descriptions, types(), version).Write(json, paths));
        });
        _v2Protobuf = new(() => new(OpenApiV2Protobuf.ContentType, OpenApiV2Protobuf.FromJson(_v2.Value.Content())));
        _v3 = new(() =>
        {
            var descriptions = ApiDescriptions.Load();
            var writer = new OpenApiV3Writer(descriptions, types(), version, CustomDefinitions.Of(catalog));
            var documents = ApiPaths.Of(catalog, descriptions)
                .GroupBy(p => p.Document)
                .ToFrozenDictionary(g => g.Key, g => PreparedDocument.Json(json => writer.Write(json, [.. g])));
            return new(Index(documents), documents);
        });
    }

    /// <summary>What they describe.</summary>
    public ResourceCatalog Catalog { get; }

    public PreparedDocument V2 => _v2.Value;

    public PreparedDocument V2Protobuf => _v2Protobuf.Value;

    /// <summary>The list of the OpenAPI 3 documents, with the hash of each.</summary>
    public PreparedDocument V3Index => _v3.Value.Index;

    /// <summary>The OpenAPI 3 document of a path such as <c>apis/apps/v1</c>; null when there is none.</summary>
    public PreparedDocument? V3Document(string path) => _v3.Value.Documents.GetValueOrDefault(path);

    /// <summary>Where a document is, with the hash under which it may be kept for ever.</summary>
    public static string Url(string path, PreparedDocument document) => $"/openapi/v3/{path}?hash={document.Hash}";

    // Its content type is what the genuine server's compressing router makes of it.
    private static PreparedDocument Index(FrozenDictionary<string, PreparedDocument> documents) =>
        PreparedDocument.Json(
            json =>
            {
                json.WriteStartObject();
                json.WriteStartObject("paths"u8);
                foreach (var (path, document) in documents.OrderBy(d => d.Key, StringComparer.Ordinal))
                {
                    json.WriteStartObject(path);
                    json.WriteString("serverRelativeURL"u8, Url(path, document));
                    json.WriteEndObject();
                }
                json.WriteEndObject();
                json.WriteEndObject();
            },
            "text/plain; charset=utf-8");

    private sealed record V3(PreparedDocument Index, FrozenDictionary<string, PreparedDocument> Documents);
}
