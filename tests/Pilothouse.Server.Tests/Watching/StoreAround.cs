using Pilothouse.Objects;
using Pilothouse.Storage;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>A store that passes everything on; tests change what they need.</summary>
internal abstract class StoreAround(IStore store) : IStore
{
    public virtual IAsyncEnumerable<StoreBatch> WatchAsync(Revision after, CancellationToken cancellationToken) => store.WatchAsync(after, cancellationToken);

    public ValueTask<StoreEntry?> GetAsync(string key, Revision at, CancellationToken cancellationToken) => store.GetAsync(key, at, cancellationToken);

    public virtual ValueTask<StorePage> RangeAsync(StoreRange range, CancellationToken cancellationToken) => store.RangeAsync(range, cancellationToken);

    public ValueTask<StoreWriteResult> WriteAsync(StoreWrite write, CancellationToken cancellationToken) => store.WriteAsync(write, cancellationToken);

    public ValueTask<Revision> CurrentRevisionAsync(CancellationToken cancellationToken) => store.CurrentRevisionAsync(cancellationToken);

    public ValueTask CompactAsync(Revision upTo, CancellationToken cancellationToken) => store.CompactAsync(upTo, cancellationToken);

    public ValueTask<long> SizeAsync(CancellationToken cancellationToken) => store.SizeAsync(cancellationToken);

    public ValueTask CheckHealthAsync(CancellationToken cancellationToken) => store.CheckHealthAsync(cancellationToken);

    public virtual ValueTask DisposeAsync() => store.DisposeAsync();
}
