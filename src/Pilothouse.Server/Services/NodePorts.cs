using System.Security.Cryptography;
using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Storage;

namespace Pilothouse.Server.Services;

/// <summary>
/// Ports that services have on every node: a bit each in one value of the store (a RangeAllocation, as kube-apiserver keeps
/// it), which is read, changed and written if nobody else was faster.
/// </summary>
internal sealed class NodePorts(IStore store, int first, int count)
{
    private const string Key = "/ranges/servicenodeports";

    private const int DryRunPort = 32768;

    private string Range => $"{first}-{first + count - 1}";

    /// <summary>Takes a port; the answer is why it cannot be had, null when it was.</summary>
    public async ValueTask<string?> TakeAsync(int port, bool dryRun, CancellationToken cancellationToken)
    {
        if (port < first || port >= first + count)
            return $"provided port is not in the valid range. The range of valid ports is {Range}";
        var taken = false;
        await ChangeAsync(
            bits =>
            {
                taken = IsSet(bits, port - first);
                Set(bits, port - first, true);
                return !taken;
            },
            dryRun, cancellationToken);
        return taken ? "provided port is already allocated" : null;
    }

    /// <summary>Takes any port that is free; 0 when none is.</summary>
    /// <param name="besides">What this write took before.</param>
    /// <param name="dryRun">Takes nothing for good.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<int> TakeAnyAsync(IReadOnlySet<int> besides, bool dryRun, CancellationToken cancellationToken)
    {
        // kube-apiserver shows a number that it would never give.
        if (dryRun)
            return (besides.Count == 0 ? DryRunPort : besides.Max()) + 1;
        var port = 0;
        await ChangeAsync(
            bits =>
            {
                port = 0;
                // The lower band is left to services that name their port (KEP-3668).
                var reserved = count < 16 ? 0 : Math.Min(Math.Max(16, count / 32), 128);
                var start = RandomNumberGenerator.GetInt32(count - reserved);
                for (var i = 0; i < count && port == 0; i++)
                {
                    var offset = i < count - reserved ? reserved + ((start + i) % (count - reserved)) : i - (count - reserved);
                    if (!IsSet(bits, offset))
                        port = first + offset;
                }
                if (port == 0)
                    return false;
                Set(bits, port - first, true);
                return true;
            },
            dryRun: false, cancellationToken);
        return port;
    }

    public async ValueTask ReleaseAsync(IEnumerable<int> ports, CancellationToken cancellationToken)
    {
        var offsets = ports.Select(p => p - first).Where(o => o >= 0 && o < count).ToList();
        if (offsets.Count == 0)
            return;
        await ChangeAsync(
            bits =>
            {
                foreach (var offset in offsets)
                    Set(bits, offset, false);
                return true;
            },
            dryRun: false, cancellationToken);
    }

    /// <summary>The ports that are taken now.</summary>
    public async ValueTask<HashSet<int>> TakenAsync(CancellationToken cancellationToken)
    {
        var taken = new HashSet<int>();
        await ChangeAsync(
            bits =>
            {
                for (var offset = 0; offset < count; offset++)
                {
                    if (IsSet(bits, offset))
                        taken.Add(first + offset);
                }
                return false;
            },
            dryRun: true, cancellationToken);
        return taken;
    }

    /// <summary>Whether a port is one of the range.</summary>
    public bool Contains(int port) => port >= first && port < first + count;

    /// <summary>Marks ports as taken that services have already.</summary>
    public async ValueTask RestoreAsync(IReadOnlyCollection<int> ports, CancellationToken cancellationToken) => await ChangeAsync(
        bits =>
        {
            foreach (var port in ports.Where(Contains))
                Set(bits, port - first, true);
            return true;
        },
        dryRun: false, cancellationToken);

    private async ValueTask ChangeAsync(Func<byte[], bool> change, bool dryRun, CancellationToken cancellationToken)
    {
        while (true)
        {
            var entry = await store.GetAsync(Key, Revision.None, cancellationToken);
            var bits = new byte[(count + 7) / 8];
            if (entry is not null)
                Read(entry.Value.Span, bits);
            if (!change(bits) || dryRun)
                return;
            var value = Encode(bits);
            var write = entry is null ? StoreWrite.Create(Key, value) : StoreWrite.Update(Key, value, entry.Modified);
            if ((await store.WriteAsync(write, cancellationToken)).Succeeded)
                return;
        }
    }

    // The bitmap is one big number, its most significant byte first and leading zeros left out; bit n is the n-th port.
    private static bool IsSet(byte[] bits, int offset) => (bits[^((offset / 8) + 1)] & (1 << (offset % 8))) != 0;

    private static void Set(byte[] bits, int offset, bool value)
    {
        ref var at = ref bits[^((offset / 8) + 1)];
        at = (byte)(value ? at | (1 << (offset % 8)) : at & ~(1 << (offset % 8)));
    }

    private void Read(ReadOnlySpan<byte> value, byte[] bits)
    {
        // kube-apiserver writes it in protobuf.
        var bytes = value;
        if (value.StartsWith(ProtobufEnvelope.Magic))
        {
            bytes = ProtobufDecoder.ToJson(value, BuiltInCatalog.Types.Get("io.k8s.api.core.v1.RangeAllocation")).TryGet(out var decoded, out var failure)
                ? decoded
                : throw new InvalidOperationException($"{Key} cannot be read: {failure.Message}");
        }
        var reader = new Utf8JsonReader(bytes);
        var json = JsonElement.ParseValue(ref reader);
        if (!json.TryGetProperty("range", out var range) || range.GetString() != Range)
            throw new InvalidOperationException($"{Key} is for the ports {range}, not for {Range}.");
        if (!json.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.String)
            return;
        var stored = data.GetBytesFromBase64();
        stored.AsSpan(Math.Max(0, stored.Length - bits.Length)).CopyTo(bits.AsSpan(Math.Max(0, bits.Length - stored.Length)));
    }

    private byte[] Encode(byte[] bits)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, "RangeAllocation"u8);
            writer.WriteString("apiVersion"u8, "v1"u8);
            writer.WriteStartObject("metadata"u8);
            writer.WriteEndObject();
            writer.WriteString("range"u8, Range);
            writer.WriteBase64String("data"u8, bits.AsSpan().TrimStart((byte)0));
            writer.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }
}
