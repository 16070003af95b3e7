using Pilothouse.Objects;
using Pilothouse.Storage.Etcd.Protocol;

namespace Pilothouse.Storage.Etcd;

/// <summary>
/// Leases for keys that expire. A lease costs etcd as much as a key, so keys that are to live equally long share one for as
/// long as it outlives them by no more than a small share of their time (as upstream's lease manager does).
/// </summary>
internal sealed class EtcdLeases(EtcdConnection connection, TimeProvider time) : IDisposable
{
    private const int MostKeys = 1000;
    private const double MostExcess = 0.05;

    private static readonly TimeSpan LongestReuse = TimeSpan.FromMinutes(1);

    // One at a time decides whether the shared lease still serves, and asks for the next one.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<long, SharedLease> _bySeconds = [];

    /// <summary>The id of a lease under which a key lives at least so long.</summary>
    public async ValueTask<long> ForAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(timeToLive.TotalSeconds));
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (_bySeconds.TryGetValue(seconds, out var shared) && shared.Keys < MostKeys && shared.Expires - now >= TimeSpan.FromSeconds(seconds))
            {
                shared.Keys++;
                return shared.Id;
            }
            var excess = Math.Min(LongestReuse.TotalSeconds, Math.Floor(seconds * MostExcess));
            var granted = await connection.CallAsync(
                (endpoint, options) => endpoint.Leases.LeaseGrantAsync(new LeaseGrantRequest { TTL = seconds + (long)excess }, options),
                repeatable: true, Revision.None, cancellationToken);
            if (granted.Error.Length > 0)
                throw new StoreException(StoreFault.Unavailable, $"etcd granted no lease: {granted.Error}");
            _bySeconds[seconds] = new(granted.ID, now + TimeSpan.FromSeconds(granted.TTL)) { Keys = 1 };
            return granted.ID;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>etcd does not know a lease any more: nobody gets it again.</summary>
    public async ValueTask ForgetAsync(long lease, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var (seconds, shared) in _bySeconds)
            {
                if (shared.Id == lease)
                    _bySeconds.Remove(seconds);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private sealed class SharedLease(long id, DateTimeOffset expires)
    {
        public long Id { get; } = id;

        public DateTimeOffset Expires { get; } = expires;

        public int Keys { get; set; }
    }
}
