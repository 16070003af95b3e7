using System.Text;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Discovery;

/// <summary>
/// The last of all endpoints: 404 for what is nobody's. Below a group that is served the answer is a Status; everywhere else it
/// is plain text, as the genuine server's routers answer.
/// </summary>
internal sealed class UnknownPathEndpoint(Func<ResourceCatalog> catalog) : IEndpoint
{
    private static readonly byte[] PlainText = Encoding.ASCII.GetBytes("404 page not found\n");

    public bool Matches(RequestInfo info) => true;

    public async ValueTask HandleAsync(ApiRequest request)
    {
        if (IsBelowServedGroup(request.Info.Path))
        {
            await StatusWriter.WriteAsync(request, Status.PathNotFound());
            return;
        }
        request.Http.Response.Headers.XContentTypeOptions = "nosniff";
        await JsonAnswers.WriteAsync(request.Http, 404, "text/plain; charset=utf-8", PlainText);
    }

    private bool IsBelowServedGroup(string path)
    {
        if (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/version/", StringComparison.Ordinal))
            return true;
        const string apis = "/apis/";
        if (!path.StartsWith(apis, StringComparison.Ordinal))
            return false;
        var end = path.IndexOf('/', apis.Length);
        var group = end < 0 ? path[apis.Length..] : path[apis.Length..end];
        return group.Length > 0 && catalog().Groups.Any(g => g.Name == group && !g.IsCustom);
    }
}
