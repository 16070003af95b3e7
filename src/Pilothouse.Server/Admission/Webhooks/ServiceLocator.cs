using System.Net;
using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Where a Service is to be reached from here: its cluster IP, which the nodes route.</summary>
public static class ServiceLocator
{
    private static readonly GroupResource Services = new("", "services");

    /// <summary>The address of a service's port. The failure's message is upstream's.</summary>
    public static async ValueTask<Outcome<DnsEndPoint>> FindAsync(
        IObjectReader objects, string @namespace, string name, int port, CancellationToken cancellationToken)
    {
        if (await Plugin.FindAsync(objects, Services, @namespace, name, cancellationToken) is not { } service)
            return Status.NotFound(Services, name);
        var type = service.Text("spec", "type") is { Length: > 0 } given ? given : "ClusterIP";
        if (type == "ExternalName")
            return new DnsEndPoint(service.Text("spec", "externalName"), port);
        if (type is not ("ClusterIP" or "NodePort" or "LoadBalancer"))
            return Status.BadRequest($"unsupported service type {GoText.Quote(type)}");
        var address = service.Text("spec", "clusterIP");
        if (address is "None" or "")
            return Status.BadRequest("cannot route to service with ClusterIP \"None\"");
        return service.Elements("spec", "ports").Any(p => p.At("port") is { ValueKind: JsonValueKind.Number } number && number.GetInt32() == port)
            ? new DnsEndPoint(address, port)
            : Status.BadRequest($"no service port {port} found for service {GoText.Quote(name)}");
    }
}
