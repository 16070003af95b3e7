using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Services;

/// <summary>
/// Gives services their addresses and ports. An address is an IPAddress object, whose creation takes it; ports are bits of
/// one shared value, changed by compare and swap. Both are kube-apiserver's own ways, so any number of servers may share them.
/// </summary>
public sealed class ServiceAllocator : IServiceAllocator
{
    private static readonly GroupKind Kind = new("", "Service");

    private readonly ServiceFamilies _families;
    private readonly ClusterAddresses _addresses;
    private readonly NodePorts _ports;

    /// <param name="catalog">Has the resource ipaddresses.</param>
    /// <param name="store">Where both are kept.</param>
    /// <param name="caches">Says which addresses are likely free.</param>
    /// <param name="ranges">Of addresses, one or one per family; the first is that of services that do not say.</param>
    /// <param name="ports">The first node port and how many there are.</param>
    /// <param name="time">Stamps the objects.</param>
    public ServiceAllocator(
        ResourceCatalog catalog, IStore store, ObjectCaches caches, IReadOnlyList<IPNetwork> ranges, (int First, int Count) ports,
        TimeProvider time)
    {
        _families = new([.. ranges.Select(ServiceFamilies.Of)]);
        _addresses = new(catalog, store, caches, ranges, time);
        _ports = new(store, ports.First, ports.Count);
    }

    /// <summary>A loop that gives back what crashes left reserved, and takes what services hold without a reservation.</summary>
    public Task RepairAsync(ObjectCaches caches, TimeProvider time, ILogger log, CancellationToken cancellationToken) =>
        new ServiceReservations(_addresses, _ports, caches, time, log).RunAsync(cancellationToken);

    public async ValueTask<Outcome<WriteReservation?>> ReserveAsync(
        JsonObject service, JsonObject? old, bool dryRun, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var metadata = ObjectMetadata.Of(service);
        var name = metadata.Name;
        var spec = service.ObjectOrNew("spec");
        if (ServiceFields.Type(spec) != "ExternalName")
            _families.Complete(spec, old.Object("spec"), errors);
        if (errors.Any)
            return Status.Invalid(Kind, name, errors.All);

        var reservation = new ServiceReservation(_addresses, _ports, metadata.Namespace, name, dryRun);
        var done = false;
        try
        {
            if (await AllocateAsync(service, old, reservation, cancellationToken) is { } refusal)
                return refusal;
            done = true;
            return reservation;
        }
        finally
        {
            if (!done)
                await reservation.ReleaseAsync(CancellationToken.None);
        }
    }

    public async ValueTask ReleaseAsync(JsonObject service, CancellationToken cancellationToken)
    {
        var spec = service.Object("spec") ?? [];
        var metadata = ObjectMetadata.Of(service);
        foreach (var address in Addresses(spec))
            await _addresses.ReleaseAsync(address, metadata.Namespace, metadata.Name, cancellationToken);
        await _ports.ReleaseAsync(Ports(spec), cancellationToken);
    }

    private async ValueTask<Status?> AllocateAsync(
        JsonObject service, JsonObject? old, ServiceReservation reservation, CancellationToken cancellationToken)
    {
        var spec = service.Object("spec")!;
        var oldSpec = old.Object("spec") ?? [];
        var metadata = ObjectMetadata.Of(service);
        var held = Addresses(oldSpec).ToHashSet();
        if (ServiceFields.NeedsClusterIP(spec) && spec.Text("clusterIP") != ServiceFields.Headless
            && await AllocateAddressesAsync(spec, metadata, held, reservation, cancellationToken) is { } cannot)
            return cannot;
        if (await AllocatePortsAsync(spec, metadata.Name, Ports(oldSpec).ToHashSet(), reservation, cancellationToken) is { } refusal)
            return refusal;

        // What the rules drop on a change of type is given back as well.
        var after = (JsonObject)spec.DeepClone();
        if (old is not null)
            ServiceFields.DropWhatTheTypeHasNot(after, oldSpec);
        reservation.ReleaseWhenKept(held.Except(Addresses(after)), Ports(oldSpec).Except(Ports(after)));
        return null;
    }

    private async ValueTask<Status?> AllocateAddressesAsync(
        JsonObject spec, ObjectMetadata metadata, HashSet<string> held, ServiceReservation reservation, CancellationToken cancellationToken)
    {
        var families = spec.List("ipFamilies")?.Select(f => f.AsText()!).ToList() ?? [];
        var addresses = spec.List("clusterIPs")?.Select(a => a.AsText() ?? "").ToList() ?? [];
        while (addresses.Count < families.Count)
            addresses.Add("");
        for (var i = 0; i < families.Count; i++)
        {
            var wanted = addresses[i];
            if (wanted.Length > 0 && held.Contains(wanted))
                continue;
            var (address, reason) = metadata.Name.Length == 0
                ? ("", "IPAddress.networking.k8s.io \"" + _addresses.First(families[i]) + "\" is invalid: spec.parentRef.name: Required value")
                : await _addresses.TakeAsync(families[i], wanted, metadata.Namespace, metadata.Name, reservation.DryRun, cancellationToken);
            if (reason is not null)
            {
                var shown = string.Join(",", addresses.Take(families.Count).Select(GoText.Quote));
                var errors = new FieldErrors();
                var what = wanted.Length > 0 ? $"IP {wanted}" : "IP";
                errors.Add(FieldError.Invalid("spec.clusterIPs", (FormattableString)$"[{shown}]", $"failed to allocate {what}: {reason}"));
                return Status.Invalid(Kind, metadata.Name, errors.All);
            }
            addresses[i] = address;
            reservation.Took(address);
        }
        if (addresses.Count == 0)
            return null;
        spec["clusterIP"] = addresses[0];
        spec["clusterIPs"] = new JsonArray([.. addresses.Select(a => (JsonNode)a)]);
        return null;
    }

    private async ValueTask<Status?> AllocatePortsAsync(
        JsonObject spec, string name, HashSet<int> held, ServiceReservation reservation, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        if (ServiceFields.MayHaveNodePorts(spec))
        {
            // The same number serves TCP and UDP, so a service may name it once for each.
            var ports = spec.Objects("ports").ToList();
            for (var i = 0; i < ports.Count; i++)
            {
                var number = (int)(ports[i].Integer("nodePort") ?? 0);
                if (number == 0 || held.Contains(number) || ports.Take(i).Any(p => p.Integer("nodePort") == number))
                    continue;
                if (await _ports.TakeAsync(number, reservation.DryRun, cancellationToken) is { } reason)
                {
                    errors.Add(FieldError.Invalid($"spec.ports[{i}].nodePort", number, reason));
                    return Status.Invalid(Kind, name, errors.All);
                }
                reservation.Took(number);
            }
            if (ServiceFields.NeedsNodePorts(spec))
            {
                foreach (var port in ports.Where(p => (p.Integer("nodePort") ?? 0) == 0))
                {
                    var shared = ports.FirstOrDefault(p => p != port && p.Integer("port") == port.Integer("port")
                        && p.Text("protocol") != port.Text("protocol") && p.Integer("nodePort") is not (null or 0));
                    var number = (int?)shared?.Integer("nodePort") ?? 0;
                    if (number == 0)
                    {
                        number = await _ports.TakeAnyAsync(reservation.Ports, reservation.DryRun, cancellationToken);
                        if (number == 0)
                            return Status.InternalError("failed to allocate a nodePort: range is full");
                        reservation.Took(number);
                    }
                    port["nodePort"] = (long)number;
                }
            }
        }
        if (!ServiceFields.NeedsHealthCheckPort(spec))
            return null;
        var check = (int)(spec.Integer("healthCheckNodePort") ?? 0);
        if (check == 0)
        {
            check = await _ports.TakeAnyAsync(reservation.Ports, reservation.DryRun, cancellationToken);
            if (check == 0)
                return Status.InternalError("failed to allocate a HealthCheck NodePort: range is full");
            reservation.Took(check);
            spec["healthCheckNodePort"] = (long)check;
        }
        else if (!held.Contains(check))
        {
            if (await _ports.TakeAsync(check, reservation.DryRun, cancellationToken) is { } reason)
                return Status.InternalError($"failed to allocate requested HealthCheck NodePort {check}: {reason}");
            reservation.Took(check);
        }
        return null;
    }

    internal static IEnumerable<string> Addresses(JsonObject spec) => ServiceFields.NeedsClusterIP(spec)
        ? (spec.List("clusterIPs")?.Select(a => a.AsText() ?? "") ?? []).Where(a => a.Length > 0 && a != ServiceFields.Headless)
        : [];

    internal static IEnumerable<int> Ports(JsonObject spec) => spec.Objects("ports").Select(p => p.Integer("nodePort") ?? 0)
        .Append(spec.Integer("healthCheckNodePort") ?? 0).Where(p => p != 0).Select(p => (int)p).Distinct();
}
