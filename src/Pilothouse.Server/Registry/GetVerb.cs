using Pilothouse.Objects;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>GET of one object: from the cache, which has caught up with the store unless an older state will do.</summary>
internal sealed class GetVerb(ObjectRegistry registry)
{
    public async ValueTask<Outcome<CachedObject>> GetAsync(ResourceRequest request)
    {
        var http = request.Api.Http.Request;
        if (http.QueryString.HasValue && http.Query.First("resourceVersion") is { Length: > 0 } version)
        {
            if (!ResourceVersions.Parse(version).TryGet(out var revision, out var malformed))
                return malformed;
            if (!revision.IsNone && await registry.Caches.WaitBrieflyAsync(revision, request.Api.Cancellation) is { } tooNew)
                return tooNew;
            if (!registry.Caches.IsReady && registry.Caches.Revision.IsNone)
                await registry.Caches.WaitForLatestAsync(request.Api.Cancellation);
        }
        else if (await registry.Caches.WaitForLatestBrieflyAsync(request.Api.Http.RequestAborted) is { } stale)
        {
            return stale;
        }
        if (registry.Glance(request.Stored, request.Namespace, request.Name) is { } found)
            return found;
        return registry.Caches.WhyUnreadable(request.Stored.Key(request.Namespace, request.Name)) is { } why
            ? Status.InternalError(why)
            : request.NotFound(request.Name);
    }
}
