using System.Runtime.CompilerServices;
using Pilothouse.Objects;
using Pilothouse.Storage;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>A store whose watch can be told that its history is gone.</summary>
internal sealed class OvertakenStore(IStore store) : IStore
{
    private CancellationTokenSource _overtaken = new();

    public void Overtake() => Interlocked.Exchange(ref _overtaken, new()).Cancel();

    public async IAsyncEnumerable<StoreBatch> WatchAsync(Revision after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var overtaken = _overtaken.Token;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(overtaken, cancellationToken);
        await using var batches = store.WatchAsync(after, either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            try
            {
                if (!await batches.MoveNextAsync())
                    yield break;
            }
            catch (OperationCanceledException) when (overtaken.IsCancellationRequested)
            {
                throw new RevisionCompactedException(after, after.Next);
            }
            yield return batches.Current;
        }
    }

    public ValueTask<StoreEntry?> GetAsync(string key, Revision at, CancellationToken cancellationToken) => store.GetAsync(key, at, cancellationToken);

    public ValueTask<StorePage> RangeAsync(StoreRange range, CancellationToken cancellationToken) => store.RangeAsync(range, cancellationToken);

    public ValueTask<StoreWriteResult> WriteAsync(StoreWrite write, CancellationToken cancellationToken) => store.WriteAsync(write, cancellationToken);

    public ValueTask<Revision> CurrentRevisionAsync(CancellationToken cancellationToken) => store.CurrentRevisionAsync(cancellationToken);

    public ValueTask CompactAsync(Revision upTo, CancellationToken cancellationToken) => store.CompactAsync(upTo, cancellationToken);

    public ValueTask<long> SizeAsync(CancellationToken cancellationToken) => store.SizeAsync(cancellationToken);

    public ValueTask CheckHealthAsync(CancellationToken cancellationToken) => store.CheckHealthAsync(cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
