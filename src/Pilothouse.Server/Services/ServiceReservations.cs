using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Services;

/// <summary>
/// Compares what is reserved for services with what services have, every few minutes: a server that died between taking an
/// address and writing the service leaves the one without the other. Several servers may do this at the same time.
/// </summary>
internal sealed class ServiceReservations(ClusterAddresses addresses, NodePorts ports, ObjectCaches caches, TimeProvider time, ILogger log)
{
    /// <summary>A port is given back when it belonged to nobody this often in a row: its service may just be under way.</summary>
    private const int RoundsBeforeRelease = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(3);

    /// <summary>An address that is younger belongs to a service that is just being written.</summary>
    private static readonly TimeSpan AddressGrace = TimeSpan.FromMinutes(1);

    private static readonly GroupResource Services = new("", "services");
    private static readonly GroupResource Addresses = new("networking.k8s.io", "ipaddresses");

    private Dictionary<int, int> _ownerless = [];

    /// <summary>Repairs now and then until cancelled. Faults of the store are logged, and the next round tries again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (caches.IsReady)
                    await RepairAsync(cancellationToken);
                await Task.Delay(Interval, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreException fault)
            {
                log.RepairFailed(fault);
                await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One round.</summary>
    public async Task RepairAsync(CancellationToken cancellationToken)
    {
        // Reservations are read before services: what is written in between is held by a service that is seen.
        var taken = await ports.TakenAsync(cancellationToken);
        var reserved = Snapshot(Addresses);
        await caches.WaitForLatestAsync(cancellationToken);
        var services = Snapshot(Services).Select(s => JsonNodes.Parse(s.Json.Span)!.AsObject()).ToList();
        await RepairAddressesAsync(reserved, services, cancellationToken);
        await RepairPortsAsync(taken, services, cancellationToken);
    }

    /// <summary>Whether an IPAddress says that it is a service's.</summary>
    public static bool IsHeldBy(ReadOnlyMemory<byte> json, string @namespace, string service)
    {
        var parent = Plugin.Parse(json).At("spec", "parentRef");
        return parent.Text("resource") == "services" && parent.Text("namespace") == @namespace && parent.Text("name") == service;
    }

    private async Task RepairAddressesAsync(List<CachedObject> reserved, List<JsonObject> services, CancellationToken cancellationToken)
    {
        var holders = new Dictionary<string, (string Namespace, string Name)>();
        foreach (var service in services)
        {
            var metadata = ObjectMetadata.Of(service);
            foreach (var address in ServiceAllocator.Addresses(service.Object("spec") ?? []))
                holders.TryAdd(address, (metadata.Namespace, metadata.Name));
        }
        var now = time.GetUtcNow();
        foreach (var address in reserved)
        {
            var json = Plugin.Parse(address.Json);
            // Others may manage addresses of their own.
            if (json.Text("metadata", "labels", "ipaddress.kubernetes.io/managed-by") != "ipallocator.k8s.io")
            {
                holders.Remove(address.Name);
                continue;
            }
            if (holders.Remove(address.Name, out var holder) && IsHeldBy(address.Json, holder.Namespace, holder.Name))
                continue;
            if (DateTimeOffset.TryParse(json.Text("metadata", "creationTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made)
                && now - made < AddressGrace)
            {
                continue;
            }
            if (await addresses.ReleaseAsync(address, cancellationToken))
                log.ReservationRepaired(address.Name);
            if (holder.Name is not null)
                holders[address.Name] = holder;
        }
        foreach (var (address, (ns, name)) in holders)
        {
            if (IPAddress.TryParse(address, out var parsed) && addresses.IsInRange(parsed)
                && await addresses.RestoreAsync(parsed, ns, name, cancellationToken))
            {
                log.ReservationMissing(address);
            }
        }
    }

    private async Task RepairPortsAsync(HashSet<int> taken, List<JsonObject> services, CancellationToken cancellationToken)
    {
        var held = services.SelectMany(s => ServiceAllocator.Ports(s.Object("spec") ?? [])).Where(ports.Contains).ToHashSet();
        var missing = held.Except(taken).ToList();
        // Some may have been taken since they were read.
        if (missing.Count > 0)
            missing = [.. missing.Except(await ports.TakenAsync(cancellationToken))];
        if (missing.Count > 0)
        {
            await ports.RestoreAsync(missing, cancellationToken);
            log.ReservationMissing($"ports {string.Join(", ", missing)}");
        }
        var ownerless = taken.Except(held).ToDictionary(p => p, p => _ownerless.GetValueOrDefault(p) + 1);
        var leaked = ownerless.Where(p => p.Value >= RoundsBeforeRelease).Select(p => p.Key).ToList();
        if (leaked.Count > 0)
        {
            await ports.ReleaseAsync(leaked, cancellationToken);
            log.ReservationRepaired($"ports {string.Join(", ", leaked)}");
            foreach (var port in leaked)
                ownerless.Remove(port);
        }
        _ownerless = ownerless;
    }

    private List<CachedObject> Snapshot(GroupResource resource) =>
        caches.TryGet(resource, out var cache) ? [.. cache.Snapshot.All] : [];
}
