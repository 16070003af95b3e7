using Pilothouse.Objects;
using Pilothouse.Storage;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>A store that outlives the server over it.</summary>
internal sealed class KeptStore(IStore store) : IStore
{
    public IAsyncEnumerable<StoreBatch> WatchAsync(Revision after, CancellationToken cancellationToken) => store.WatchAsync(after, cancellationToken);

    public ValueTask<StoreEntry?> GetAsync(string key, Revision at, CancellationToken cancellationToken) => store.GetAsync(key, at, cancellationToken);

    public ValueTask<StorePage> RangeAsync(StoreRange range, CancellationToken cancellationToken) => store.RangeAsync(range, cancellationToken);

    public ValueTask<StoreWriteResult> WriteAsync(StoreWrite write, CancellationToken cancellationToken) => store.WriteAsync(write, cancellationToken);

    public ValueTask<Revision> CurrentRevisionAsync(CancellationToken cancellationToken) => store.CurrentRevisionAsync(cancellationToken);

    public ValueTask CompactAsync(Revision upTo, CancellationToken cancellationToken) => store.CompactAsync(upTo, cancellationToken);

    public ValueTask<long> SizeAsync(CancellationToken cancellationToken) => store.SizeAsync(cancellationToken);

    public ValueTask CheckHealthAsync(CancellationToken cancellationToken) => store.CheckHealthAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
