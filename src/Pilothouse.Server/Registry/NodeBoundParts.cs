using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>Subresources behind which a kubelet or a service stands: log, exec, attach, portforward, proxy. None is connected yet.</summary>
internal sealed class NodeBoundParts(ObjectRegistry registry)
{
    public async ValueTask<Status?> HandleAsync(ResourceRequest request)
    {
        var (api, part) = (request.Api, request.SubresourceName);
        var name = request.Name;
        if (ConnectOptions.IsOpened(part) && await new PartAdmission(registry, request).ConnectAsync() is { } refused)
            return refused;
        if (part == "proxy")
        {
            // name, name:port, scheme:name:port
            var pieces = name.Split(':');
            if (pieces.Length > 3 || (pieces.Length == 3 && pieces[0] is not ("" or "http" or "https")))
                return Status.BadRequest($"invalid {request.Resource.Singular} request {GoText.Quote(name)}");
            name = pieces.Length == 3 ? pieces[1] : pieces[0];
        }
        if (await registry.Caches.WaitForLatestBrieflyAsync(api.Cancellation) is { } stale)
            return stale;
        if (part == "token" || registry.Glance(request.Stored, request.Namespace, name) is not { } found)
            return part == "token" ? ResourceDispatcher.Unsupported("TokenRequest") : request.NotFound(name);
        if (request.GroupResource.Resource == "pods" && part is "log" or "exec" or "attach" or "portforward")
        {
            var spec = ObjectRegistry.TreeOf(request.Stored, found).Object("spec");
            var node = spec?.Text("nodeName") ?? "";
            if (part == "log" && node.Length == 0)
            {
                // No node, no log: an empty answer.
                api.Http.Response.StatusCode = 204;
                return null;
            }
            if (node.Length == 0)
                return Status.BadRequest($"pod {name} does not have a host assigned");
        }
        return request.GroupResource.Resource == "services" && part == "proxy"
            ? request.NotFound(name) // a service without endpoints, in upstream's words
            : ResourceDispatcher.Unsupported($"{request.Resource.Resource.Resource}/{part}");
    }
}
