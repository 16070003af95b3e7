using Microsoft.AspNetCore.Http;
using Pilothouse.Catalog;
using Pilothouse.Schemas;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>
/// <c>/openapi/v2</c>, <c>/openapi/v3</c> and the documents below it. A v3 document that is asked for by its hash never changes
/// under that URL, and says so; another hash is redirected to the one that is current.
/// </summary>
internal sealed class OpenApiEndpoint(
    Func<ResourceCatalog> catalog, Func<SchemaLibrary> types, string version, TimeProvider time) : IEndpoint
{
    private const string V3Prefix = "/openapi/v3/";
    private const string Json = "application/json";

    // Replaced whole when the catalog has changed.
    private volatile OpenApiDocuments? _documents;

    public bool Matches(RequestInfo info) =>
        !info.IsResourceRequest
        && (info.Path is "/openapi/v2" or "/openapi/v3" || info.Path.StartsWith(V3Prefix, StringComparison.Ordinal));

    public async ValueTask HandleAsync(ApiRequest request)
    {
        var documents = Documents();
        switch (request.Info.Path)
        {
            case "/openapi/v2":
                await AnswerV2Async(request, documents);
                break;
            case "/openapi/v3":
                await documents.V3Index.WriteAsync(request, withETag: true);
                break;
            default:
                await AnswerV3Async(request, documents);
                break;
        }
    }

    private static async ValueTask AnswerV2Async(ApiRequest request, OpenApiDocuments documents)
    {
        request.Http.Response.Headers.Append("Vary", "Accept");
        foreach (var clause in MediaClause.Parse(request.Http.Request.Headers.Accept))
        {
            if (clause.Covers(Json))
            {
                await documents.V2.WriteAsync(request, withETag: true);
                return;
            }
            if (clause.Type is OpenApiV2Protobuf.ContentType or OpenApiV2Protobuf.OldContentType)
            {
                await documents.V2Protobuf.WriteAsync(request, withETag: true);
                return;
            }
        }
        NotAcceptable(request);
    }

    private async ValueTask AnswerV3Async(ApiRequest request, OpenApiDocuments documents)
    {
        var headers = request.Http.Response.Headers;
        headers.Append("Vary", "Accept");
        var path = request.Info.Path[V3Prefix.Length..];
        if (!MediaClause.Parse(request.Http.Request.Headers.Accept).Any(c => c.Covers(Json)))
        {
            NotAcceptable(request);
            return;
        }
        if (documents.V3Document(path) is not { } document)
        {
            request.Http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var hash = request.Http.Request.Query["hash"].ToString();
        if (hash.Length > 0 && hash != document.Hash)
        {
            headers.ETag = document.ETag;
            request.Http.Response.Redirect(OpenApiDocuments.Url(path, document), permanent: true);
            return;
        }
        if (hash.Length > 0)
        {
            headers.CacheControl = "public, immutable";
            headers.Expires = time.GetUtcNow().AddYears(1).ToString("R");
        }
        await document.WriteAsync(request, withETag: true);
    }

    private static void NotAcceptable(ApiRequest request) =>
        request.Http.Response.StatusCode = StatusCodes.Status406NotAcceptable;

    private OpenApiDocuments Documents()
    {
        var current = catalog();
        var documents = _documents;
        if (documents is null || !ReferenceEquals(documents.Catalog, current))
            _documents = documents = new(current, types, version);
        return documents;
    }
}
