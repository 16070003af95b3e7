using Pilothouse.Storage;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>A store in which something happens before a range is read, once.</summary>
internal sealed class InterruptedStore(IStore store) : StoreAround(store)
{
    /// <summary>What happens before the next read; null for nothing.</summary>
    public Func<Task>? Before { get; set; }

    public override async ValueTask<StorePage> RangeAsync(StoreRange range, CancellationToken cancellationToken)
    {
        if (Before is { } before)
        {
            Before = null;
            await before();
        }
        return await base.RangeAsync(range, cancellationToken);
    }
}
