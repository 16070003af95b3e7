using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Services;

/// <summary>
/// Addresses of services: one is taken by whoever creates the IPAddress object of its name. Which are free is guessed from
/// the caches and decided by the store.
/// </summary>
internal sealed class ClusterAddresses
{
    /// <summary>What clients are told of an address that somebody has.</summary>
    private const string Taken = "provided IP is already allocated";
    private const string OutOfRange = "the provided network does not match the current range";

    private static readonly GroupResource Resource = new("networking.k8s.io", "ipaddresses");

    private readonly StoredResource _stored;
    private readonly IStore _store;
    private readonly ObjectCaches _caches;
    private readonly TimeProvider _time;
    private readonly ServiceRanges _ranges;

    public ClusterAddresses(ResourceCatalog catalog, IStore store, ObjectCaches caches, IReadOnlyList<IPNetwork> ranges, TimeProvider time)
    {
        _stored = catalog.Stored.First(s => s.Resource == Resource);
        _store = store;
        _caches = caches;
        _ranges = new(ranges, caches);
        _time = time;
    }

    /// <summary>Some address of a family that could be given.</summary>
    public IPAddress First(string family) => At(_ranges.Of(family).First(), 1);

    /// <summary>Whether there is a range that an address can be of.</summary>
    public bool IsInRange(IPAddress address) => _ranges.All.Any(r => r.Contains(address));

    /// <summary>Takes an address: the wanted one, or any for the empty text. The reason says why there is none.</summary>
    public async ValueTask<(string Address, string? Reason)> TakeAsync(
        string family, string wanted, string @namespace, string service, bool dryRun, CancellationToken cancellationToken)
    {
        if (wanted.Length > 0)
        {
            if (!IPAddress.TryParse(wanted, out var address) || !IsInRange(address))
                return ("", OutOfRange);
            return await TryTakeAsync(address, family, @namespace, service, dryRun, cancellationToken) ? (address.ToString(), null) : ("", Taken);
        }

        foreach (var range in _ranges.Of(family))
        {
            var size = Size(range);
            // The lower band is left to services that name their address (KEP-3070): looked into only when the upper one is full.
            var reserved = size < 16 ? 0 : (int)Math.Min(Math.Max(16, size / 16), 256);
            foreach (var (from, count) in ((long, long)[])[(reserved + 1, size - reserved), (1, reserved)])
            {
                if (await TakeFromAsync(range, from, count) is { } taken)
                    return (taken, null);
            }
        }
        return ("", "range is full");

        async ValueTask<string?> TakeFromAsync(IPNetwork range, long from, long count)
        {
            if (count <= 0)
                return null;
            var start = RandomNumberGenerator.GetInt32((int)Math.Min(count, int.MaxValue));
            for (long i = 0; i < count; i++)
            {
                var candidate = At(range, from + ((start + i) % count));
                if (_caches.Find(Resource, "", candidate.ToString()) is null
                    && await TryTakeAsync(candidate, family, @namespace, service, dryRun, cancellationToken))
                    return candidate.ToString();
            }
            return null;
        }
    }

    /// <summary>Gives an address back, if it is the service's: somebody else may have got it since.</summary>
    public async ValueTask ReleaseAsync(string address, string @namespace, string service, CancellationToken cancellationToken)
    {
        var key = _stored.Key("", address);
        while (await _store.GetAsync(key, Revision.None, cancellationToken) is { } entry)
        {
            if (!ServiceReservations.IsHeldBy(entry.Value, @namespace, service)
                || (await _store.WriteAsync(StoreWrite.Delete(key, entry.Modified), cancellationToken)).Succeeded)
            {
                return;
            }
        }
    }

    /// <summary>Gives an address back as it was seen; false when it has changed since.</summary>
    public async ValueTask<bool> ReleaseAsync(CachedObject seen, CancellationToken cancellationToken) =>
        (await _store.WriteAsync(StoreWrite.Delete(seen.Key, seen.Revision), cancellationToken)).Succeeded;

    /// <summary>Takes an address for a service that has it already; false when somebody else has it.</summary>
    public ValueTask<bool> RestoreAsync(IPAddress address, string @namespace, string service, CancellationToken cancellationToken) =>
        TryTakeAsync(address, ServiceFamilies.Of(address), @namespace, service, dryRun: false, cancellationToken);

    private async ValueTask<bool> TryTakeAsync(
        IPAddress address, string family, string @namespace, string service, bool dryRun, CancellationToken cancellationToken)
    {
        var key = _stored.Key("", address.ToString());
        if (dryRun)
            return await _store.GetAsync(key, Revision.None, cancellationToken) is null;
        var now = _time.GetUtcNow();
        var obj = new JsonObject
        {
            ["kind"] = _stored.Kind.Kind,
            ["apiVersion"] = _stored.Kind.ApiVersion,
            ["metadata"] = new JsonObject
            {
                ["name"] = address.ToString(),
                ["uid"] = Guid.NewGuid().ToString(),
                ["creationTimestamp"] = Bootstrap.ServerWriter.Seconds(now),
                ["labels"] = new JsonObject
                {
                    ["ipaddress.kubernetes.io/ip-family"] = family,
                    ["ipaddress.kubernetes.io/managed-by"] = "ipallocator.k8s.io",
                },
            },
            ["spec"] = new JsonObject
            {
                ["parentRef"] = new JsonObject { ["resource"] = "services", ["namespace"] = @namespace, ["name"] = service },
            },
        };
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        SchemaEncoder.Encode(obj, _stored.Schema, output);
        return (await _store.WriteAsync(StoreWrite.Create(key, output.WrittenMemory), cancellationToken)).Succeeded;
    }

    /// <summary>How many addresses there are to give: not the first, which names the network, nor IPv4's last, its broadcast.</summary>
    private static long Size(IPNetwork range)
    {
        var bits = (range.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - range.PrefixLength;
        var all = bits >= 31 ? int.MaxValue : 1L << bits;
        return range.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? Math.Max(all - 2, 0) : all - 1;
    }

    private static IPAddress At(IPNetwork range, long offset)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        if (bytes.Length == 4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(bytes) + (uint)offset);
            return new(bytes);
        }
        var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true) + offset;
        var sum = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        Array.Clear(bytes);
        sum.CopyTo(bytes, bytes.Length - sum.Length);
        return new(bytes);
    }
}
