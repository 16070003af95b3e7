using System.Runtime.CompilerServices;
using Pilothouse.Objects;
using Pilothouse.Storage;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>A store whose watch can be told that its history is gone.</summary>
internal sealed class OvertakenStore(IStore store) : StoreAround(store)
{
    private CancellationTokenSource _overtaken = new();

    public void Overtake() => Interlocked.Exchange(ref _overtaken, new()).Cancel();

    public override async IAsyncEnumerable<StoreBatch> WatchAsync(Revision after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var overtaken = _overtaken.Token;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(overtaken, cancellationToken);
        await using var batches = base.WatchAsync(after, either.Token).GetAsyncEnumerator(either.Token);
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
}
