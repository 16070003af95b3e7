using Google.Protobuf;
using Pilothouse.Objects;
using Pilothouse.Storage.Etcd.Protocol;

namespace Pilothouse.Storage.Etcd;

/// <summary>
/// The store's contract on etcd v3. Keys are kube-apiserver's, so that both can work on one etcd; a revision is etcd's own.
/// </summary>
public sealed class EtcdStore : IStore
{
    /// <summary>Pages of this many entries keep a message at a few MiB, whatever is asked for.</summary>
    private const int PageSize = 500;

    private readonly EtcdConnection _connection;
    private readonly EtcdKeys _keys;
    private readonly EtcdLeases _leases;
    private readonly EtcdWatch _watch;
    private readonly RangeRequest _anyKey;
    private readonly TimeSpan _healthTimeout;

    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate file cannot be read.</exception>
    public EtcdStore(EtcdSettings settings, TimeProvider time)
    {
        _connection = new(settings);
        _keys = new(settings.Prefix);
        _leases = new(_connection, time);
        _watch = new(_connection, _keys, time);
        _healthTimeout = settings.HealthTimeout;
        _anyKey = new RangeRequest { Key = _keys.ToEtcd("/"), CountOnly = true };
    }

    public async ValueTask<StoreEntry?> GetAsync(string key, Revision at, CancellationToken cancellationToken)
    {
        var answer = await RangeOnceAsync(new RangeRequest { Key = _keys.ToEtcd(key), Revision = at.Value }, at, cancellationToken);
        return answer.Kvs.Count == 0 ? null : Entry(key, answer.Kvs[0]);
    }

    public async ValueTask<StorePage> RangeAsync(StoreRange range, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ReadPagesAsync(range, cancellationToken);
            }
            catch (RevisionCompactedException) when (range.At.IsNone)
            {
                // "Now" was compacted away between two pages: there is a newer one.
            }
        }
    }

    public async ValueTask<StoreWriteResult> WriteAsync(StoreWrite write, CancellationToken cancellationToken)
    {
        if (write.Value is null && write.Expected.IsNone)
            return StoreWriteResult.Refused(await GetAsync(write.Key, Revision.None, cancellationToken));
        while (true)
        {
            var lease = write is { Value: not null, TimeToLive: { } timeToLive } ? await _leases.ForAsync(timeToLive, cancellationToken) : 0;
            try
            {
                return await CompareAndSwapAsync(write, lease, cancellationToken);
            }
            catch (StoreException fault) when (lease != 0 && EtcdFaults.IsLeaseGone(fault))
            {
                await _leases.ForgetAsync(lease, cancellationToken);
            }
        }
    }

    public async ValueTask<Revision> CurrentRevisionAsync(CancellationToken cancellationToken) =>
        new((await RangeOnceAsync(_anyKey, Revision.None, cancellationToken)).Header.Revision);

    public IAsyncEnumerable<StoreBatch> WatchAsync(Revision after, CancellationToken cancellationToken) => _watch.RunAsync(after, cancellationToken);

    public async ValueTask CompactAsync(Revision upTo, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.CallAsync(
                (endpoint, options) => endpoint.Keys.CompactAsync(new CompactionRequest { Revision = upTo.Value }, options),
                repeatable: true, upTo, cancellationToken);
        }
        catch (RevisionCompactedException)
        {
            // Another server on this etcd was faster: what was asked for holds.
        }
    }

    public async ValueTask<long> SizeAsync(CancellationToken cancellationToken) =>
        (await _connection.CallAsync((endpoint, options) => endpoint.Maintenance.StatusAsync(new StatusRequest(), options),
            repeatable: true, Revision.None, cancellationToken)).DbSize;

    public async ValueTask CheckHealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.CallAsync(
                (endpoint, options) => endpoint.Keys.RangeAsync(_anyKey, options),
                repeatable: true, Revision.None, cancellationToken, _healthTimeout);
        }
        catch (StoreException fault)
        {
            throw new StoreException(fault.Fault, $"etcd ({_connection.Addresses}) cannot serve: {fault.Message}", fault);
        }
    }

    public ValueTask DisposeAsync()
    {
        _leases.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<StorePage> ReadPagesAsync(StoreRange range, CancellationToken cancellationToken)
    {
        var entries = new List<StoreEntry>();
        var (at, count, more) = (range.At, -1L, true);
        // All keys begin with a slash; what another prefix begins with like ours is not counted.
        var start = _keys.ToEtcd(string.CompareOrdinal(range.Start, "/") < 0 ? "/" : range.Start);
        var end = _keys.ToEtcd(string.CompareOrdinal(range.End, "0") > 0 ? "0" : range.End);
        while (more && (range.Limit == 0 || entries.Count < range.Limit))
        {
            var page = await RangeOnceAsync(new RangeRequest
            {
                Key = start,
                RangeEnd = end,
                Revision = at.Value,
                Limit = range.Limit == 0 ? PageSize : Math.Min(PageSize, range.Limit - entries.Count),
            }, at, cancellationToken);
            if (at.IsNone)
                at = new(page.Header.Revision);
            if (count < 0)
                count = page.Count;
            foreach (var found in page.Kvs)
            {
                if (_keys.FromEtcd(found.Key) is { } key)
                    entries.Add(Entry(key, found));
            }
            more = page.More && page.Kvs.Count > 0;
            if (more)
                start = After(page.Kvs[^1].Key);
        }
        return new(entries, at, more, Math.Max(count, 0));
    }

    private async ValueTask<StoreWriteResult> CompareAndSwapAsync(StoreWrite write, long lease, CancellationToken cancellationToken)
    {
        var key = _keys.ToEtcd(write.Key);
        var change = new RequestOp();
        if (write.Value is { } value)
        {
            change.RequestPut = new PutRequest { Key = key, Value = UnsafeByteOperations.UnsafeWrap(value), Lease = lease };
        }
        else
        {
            change.RequestDeleteRange = new DeleteRangeRequest { Key = key };
        }
        var transaction = new TxnRequest
        {
            Compare = { new Compare { Target = Compare.Types.CompareTarget.Mod, Key = key, ModRevision = write.Expected.Value } },
            Success = { change },
            Failure = { new RequestOp { RequestRange = new RangeRequest { Key = key } } },
        };
        var answer = await _connection.CallAsync(
            (endpoint, options) => endpoint.Keys.TxnAsync(transaction, options), repeatable: false, Revision.None, cancellationToken);
        if (answer.Succeeded)
            return StoreWriteResult.Written(new(answer.Header.Revision));
        var current = answer.Responses[0].ResponseRange.Kvs;
        return StoreWriteResult.Refused(current.Count == 0 ? null : Entry(write.Key, current[0]));
    }

    private ValueTask<RangeResponse> RangeOnceAsync(RangeRequest request, Revision at, CancellationToken cancellationToken) =>
        _connection.CallAsync((endpoint, options) => endpoint.Keys.RangeAsync(request, options), repeatable: true, at, cancellationToken);

    private static StoreEntry Entry(string key, KeyValue found) =>
        new(key, found.Value.Memory, new(found.CreateRevision), new(found.ModRevision));

    /// <summary>The first key behind another.</summary>
    private static ByteString After(ByteString key)
    {
        var next = new byte[key.Length + 1];
        key.CopyTo(next, 0);
        return UnsafeByteOperations.UnsafeWrap(next);
    }
}
