using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>
/// Subresources behind which a kubelet, a pod or a service stands: log, exec, attach, portforward, proxy. None is connected yet; what
/// is wrong with a request is told as if they were.
/// </summary>
internal sealed class NodeBoundParts(ObjectRegistry registry)
{
    public async ValueTask<Status?> HandleAsync(ResourceRequest request)
    {
        var (api, part) = (request.Api, request.SubresourceName);
        if (part == "token")
            return ResourceDispatcher.Unsupported("TokenRequest");
        if (ConnectOptions.IsOpened(part) && await new PartAdmission(registry, request).ConnectAsync() is { } refused)
            return refused;
        if (await registry.Caches.WaitForLatestBrieflyAsync(api.Cancellation) is { } stale)
            return stale;
        if (part == "proxy")
            return ProxyTarget.TryParse(request.Name, out var target) ? Proxied(request, target)
                : Status.BadRequest($"invalid {request.Resource.Singular} request {GoText.Quote(request.Name)}");

        var container = api.Http.Request.Query.First("container");
        if (part == "log")
        {
            if (!LogOptions.Parse(api.Http.Request.Query, request.Name).TryGet(out var options, out var invalid))
                return invalid;
            container = options.Container;
        }
        if (Find(request, "pods", request.Name) is not { } pod)
            return request.NotFound(request.Name);
        if (part != "portforward" && ContainerFault(pod, request.Name, container) is { } fault)
            return Status.BadRequest(fault);
        var node = pod.Object("spec")?.Text("nodeName") ?? "";
        if (node.Length > 0)
            return NodeFault(request, node) ?? Unconnected(request);
        if (part != "log")
            return Status.BadRequest($"pod {request.Name} does not have a host assigned");
        // No node, no log: an empty answer.
        api.Http.Response.StatusCode = 204;
        return null;
    }

    private static Status Unconnected(ResourceRequest request) =>
        ResourceDispatcher.Unsupported($"{request.GroupResource.Resource}/{request.SubresourceName}");

    private Status Proxied(ResourceRequest request, ProxyTarget target)
    {
        switch (request.GroupResource.Resource)
        {
            case "nodes":
                return NodeFault(request, target.Name) ?? Unconnected(request);
            case "services":
                return ServiceFault(request, target) ?? Unconnected(request);
            default:
                if (Find(request, "pods", target.Name) is not { } pod)
                    return request.NotFound(target.Name);
                var address = pod.Object("status").Objects("podIPs").FirstOrDefault()?.Text("ip");
                return IpText.TryParse(address, out var ip) && ip.IsGlobalUnicast ? Unconnected(request) : Status.BadRequest("address not allowed");
        }
    }

    /// <summary>Why a pod's container cannot be reached by its name, or without one.</summary>
    private static string? ContainerFault(JsonObject pod, string name, string container)
    {
        var spec = pod.Object("spec");
        var all = spec.Objects("initContainers").Concat(spec.Objects("containers")).Concat(spec.Objects("ephemeralContainers"))
            .Select(c => c.Text("name") ?? "").ToList();
        if (container.Length > 0)
            return all.Contains(container) ? null : $"container {container} is not valid for pod {name}";
        return spec.Objects("containers").Count() == 1 ? null
            : $"a container name must be specified for pod {name}, choose one of: [{string.Join(' ', all)}]";
    }

    /// <summary>Why a node's kubelet cannot be reached. A node that is not there goes by the resource of the request, as upstream has it.</summary>
    private Status? NodeFault(ResourceRequest request, string name)
    {
        if (Find(request, "nodes", name) is not { } node)
            return request.NotFound(name);
        var addresses = node.Object("status").Objects("addresses").ToList();
        return addresses.Any(a => a.Text("type") is "Hostname" or "InternalDNS" or "InternalIP" or "ExternalDNS" or "ExternalIP") ? null : new()
        {
            Code = 500,
            Message = "no preferred addresses found; known addresses: "
                + $"[{string.Join(' ', addresses.Select(a => $"{{{a.Text("type")} {a.Text("address")}}}"))}]",
        };
    }

    /// <summary>Why no pod of a service can be reached. Its endpoints that are not there go by the service's resource, too.</summary>
    private Status? ServiceFault(ResourceRequest request, ProxyTarget target)
    {
        var port = target.Port;
        if (long.TryParse(port, out var number))
        {
            if (Find(request, "services", target.Name) is not { } service)
                return request.NotFound(target.Name);
            if (service.Object("spec").Objects("ports").FirstOrDefault(p => p.Integer("port") == number) is not { } declared)
                return Status.ServiceUnavailable($"no service port {number} found for service {GoText.Quote(target.Name)}");
            port = declared.Text("name") ?? "";
        }
        if (Find(request, "endpoints", target.Name) is not { } endpoints)
            return request.NotFound(target.Name);
        var subsets = endpoints.Objects("subsets").ToList();
        if (subsets.Count == 0)
            return Status.ServiceUnavailable($"no endpoints available for service {GoText.Quote(target.Name)}");
        // Only addresses of pods are gone to.
        return subsets.Any(s => s.Objects("ports").Any(p => (p.Text("name") ?? "") == port)
                && s.Objects("addresses").Any(a => a.Object("targetRef")?.Text("kind") == "Pod"))
            ? null
            : Status.ServiceUnavailable($"no endpoints available for service {GoText.Quote(request.Name)}");
    }

    private JsonObject? Find(ResourceRequest request, string resource, string name)
    {
        if (!registry.Catalog.TryGet(new("", "v1", resource), out var served))
            return null;
        var found = registry.Glance(served.Stored, served.Namespaced ? request.Namespace : "", name);
        return found is null ? null : ObjectRegistry.TreeOf(served.Stored, found);
    }

    /// <summary>What stands between <c>/proxy</c> and the resource: a name, name:port or scheme:name:port.</summary>
    private readonly record struct ProxyTarget(string Name, string Port)
    {
        public static bool TryParse(string id, out ProxyTarget target)
        {
            var pieces = id.Split(':');
            target = pieces.Length switch
            {
                1 => new(pieces[0], ""),
                2 => new(pieces[0], pieces[1]),
                3 when pieces[0] is "" or "http" or "https" => new(pieces[1], pieces[2]),
                _ => default,
            };
            return target.Name is { Length: > 0 };
        }
    }
}
