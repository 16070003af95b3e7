using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Storage;

namespace Pilothouse.Server.Bootstrap;

/// <summary>
/// The service under which pods reach the API, and behind it all servers that are alive on this store. Each server renews an
/// entry of its own in the store, which runs out when the server dies; the endpoints list the entries.
/// </summary>
internal sealed class KubernetesService(ServerWriter writer, IStore store, IServiceAllocator allocator, BootstrapOptions options)
{
    public static readonly GroupResource Services = new("", "services");
    private static readonly GroupResource Endpoints = new("", "endpoints");
    private static readonly GroupResource Slices = new("discovery.k8s.io", "endpointslices");
    private static readonly GroupResource Ranges = new("networking.k8s.io", "servicecidrs");

    private const string Name = "kubernetes";
    private const string Namespace = "default";
    private const string Entries = "/masterleases/";

    private string Entry => Entries + options.AdvertiseAddress;

    /// <summary>The range of addresses as an object: the allocator of other servers looks there.</summary>
    public (GroupResource Resource, JsonObject Object) Range(DateTimeOffset now) => (Ranges, new()
    {
        ["metadata"] = new JsonObject { ["name"] = Name },
        ["spec"] = new JsonObject { ["cidrs"] = new JsonArray([.. options.ServiceRanges.Select(r => (JsonNode)r.ToString())]) },
        ["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(SystemObjects.Condition("Ready", "", "Kubernetes default Service CIDR is ready", now)),
        },
    });

    /// <summary>Makes the service if it is missing, with the first address of the range.</summary>
    public async Task EnsureServiceAsync(CancellationToken cancellationToken)
    {
        if (writer.Exists(Services, Namespace, Name))
            return;
        var service = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = Name,
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" },
            },
            ["spec"] = new JsonObject
            {
                ["clusterIP"] = First(options.ServiceRanges[0]),
                ["clusterIPs"] = new JsonArray(First(options.ServiceRanges[0])),
                ["ipFamilyPolicy"] = "SingleStack",
                ["sessionAffinity"] = "None",
                ["type"] = "ClusterIP",
                ["ports"] = new JsonArray(new JsonObject
                {
                    ["name"] = "https",
                    ["protocol"] = "TCP",
                    ["port"] = 443L,
                    ["targetPort"] = (long)options.AdvertisePort(),
                }),
            },
        };
        // The address may be taken by this very service: another server that starts at the same time, or one that died here.
        (await allocator.ReserveAsync(service, null, dryRun: false, cancellationToken)).TryGet(out var reservation, out _);
        service.Object("spec")!["ipFamilies"] = new JsonArray(
            options.ServiceRanges[0].BaseAddress.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6");
        var created = await writer.CreateAsync(Services, service, cancellationToken);
        if (reservation is not null && (created || !writer.Exists(Services, Namespace, Name)))
            await reservation.KeepAsync(cancellationToken);
    }

    /// <summary>Renews this server's entry and brings the endpoints to what the entries say.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var address = options.AdvertiseAddress.ToString();
        var value = EntryValue(address);
        var current = await store.GetAsync(Entry, Revision.None, cancellationToken);
        // Rewritten to be kept alive. If another writes it at the same time, it is alive too.
        var lifetime = options.Interval * 1.5;
        await store.WriteAsync(
            current is null ? StoreWrite.Create(Entry, value, lifetime) : StoreWrite.Update(Entry, value, current.Modified, lifetime),
            cancellationToken);
        await PublishAsync(cancellationToken);
    }

    /// <summary>Takes this server out of the endpoints, when it stops.</summary>
    public async Task WithdrawAsync(CancellationToken cancellationToken)
    {
        if (await store.GetAsync(Entry, Revision.None, cancellationToken) is { } current)
            await store.WriteAsync(StoreWrite.Delete(Entry, current.Modified), cancellationToken);
        await PublishAsync(cancellationToken);
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        var page = await store.RangeAsync(StoreRange.Prefix(Entries), cancellationToken);
        var addresses = page.Entries.Select(e => e.Key[Entries.Length..]).Order(StringComparer.Ordinal).ToList();
        var port = (long)options.AdvertisePort();
        await WriteAsync(Endpoints, EndpointsOf(addresses, port), ["subsets"], cancellationToken);
        await WriteAsync(Slices, SliceOf(addresses, port), ["endpoints", "ports"], cancellationToken);
    }

    private async Task WriteAsync(GroupResource resource, JsonObject wanted, string[] fields, CancellationToken cancellationToken)
    {
        if (await writer.CreateAsync(resource, (JsonObject)wanted.DeepClone(), cancellationToken))
            return;
        await writer.UpdateAsync(resource, Namespace, Name, current => Edit(current, wanted, fields), cancellationToken);
    }

    private static bool Edit(JsonObject current, JsonObject wanted, string[] fields)
    {
        var changed = false;
        foreach (var field in fields)
        {
            var value = wanted[field];
            if (JsonNode.DeepEquals(current[field], value))
                continue;
            changed = true;
            if (value is null)
                current.Remove(field);
            else
                current[field] = value.DeepClone();
        }
        if (changed && ObjectMetadata.Of(current) is { Generation: > 0 } metadata)
            metadata.Generation++;
        return changed;
    }

    private static JsonObject EndpointsOf(List<string> addresses, long port)
    {
        var endpoints = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = Name,
                ["namespace"] = Namespace,
                // The slice is kept by the server itself.
                ["labels"] = new JsonObject { ["endpointslice.kubernetes.io/skip-mirror"] = "true" },
            },
        };
        if (addresses.Count > 0)
        {
            endpoints["subsets"] = new JsonArray(new JsonObject
            {
                ["addresses"] = new JsonArray([.. addresses.Select(a => (JsonNode)new JsonObject { ["ip"] = a })]),
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = port, ["protocol"] = "TCP" }),
            });
        }
        return endpoints;
    }

    private JsonObject SliceOf(List<string> addresses, long port)
    {
        var slice = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = Name,
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = Name },
            },
            ["addressType"] = options.AdvertiseAddress.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6",
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["protocol"] = "TCP", ["port"] = port }),
        };
        if (addresses.Count > 0)
        {
            slice["endpoints"] = new JsonArray([.. addresses.Select(a => (JsonNode)new JsonObject
            {
                ["addresses"] = new JsonArray(a),
                ["conditions"] = new JsonObject { ["ready"] = true },
            })]);
        }
        return slice;
    }

    /// <summary>What kube-apiserver writes for itself there, so that both count each other.</summary>
    private static byte[] EntryValue(string address) => System.Text.Encoding.UTF8.GetBytes(
        "{\"kind\":\"Endpoints\",\"apiVersion\":\"v1\",\"metadata\":{},\"subsets\":[{\"addresses\":[{\"ip\":\"" + address + "\"}]}]}");

    private static string First(IPNetwork range)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new IPAddress(bytes).ToString();
    }
}
