using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Bootstrap;

/// <summary>The lease by which this server shows that it is alive (KEP-1965).</summary>
internal sealed class IdentityLease
{
    private const string Namespace = "kube-system";
    private const long DurationSeconds = 3600;
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly GroupResource Leases = new("coordination.k8s.io", "leases");

    private readonly ServerWriter _writer;
    private readonly string _host;
    private readonly string _name;
    private readonly string _holder;

    public IdentityLease(ServerWriter writer, string host)
    {
        _writer = writer;
        _host = host;
        _name = "apiserver-" + Encode(SHA256.HashData(Encoding.UTF8.GetBytes(host)).AsSpan(0, 16));
        _holder = $"{_name}_{Guid.NewGuid()}";
    }

    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var now = _writer.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var lease = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = _name,
                ["namespace"] = Namespace,
                ["labels"] = new JsonObject { ["apiserver.kubernetes.io/identity"] = "kube-apiserver", ["kubernetes.io/hostname"] = _host },
            },
            ["spec"] = new JsonObject { ["holderIdentity"] = _holder, ["leaseDurationSeconds"] = DurationSeconds, ["renewTime"] = now },
        };
        if (await _writer.CreateAsync(Leases, lease, cancellationToken))
            return;
        await _writer.UpdateAsync(Leases, Namespace, _name, current => Renew(current, now), cancellationToken);
    }

    private bool Renew(JsonObject lease, string now)
    {
        var spec = lease.ObjectOrNew("spec");
        spec["holderIdentity"] = _holder;
        spec["leaseDurationSeconds"] = DurationSeconds;
        spec["renewTime"] = now;
        return true;
    }

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (bits, count) = (0, 0);
        foreach (var b in bytes)
        {
            bits = (bits << 8) | b;
            for (count += 8; count >= 5; count -= 5)
                text.Append(Base32[(bits >> (count - 5)) & 31]);
            bits &= (1 << count) - 1;
        }
        if (count > 0)
            text.Append(Base32[(bits << (5 - count)) & 31]);
        return text.ToString();
    }
}
