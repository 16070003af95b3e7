using Pilothouse.Objects;
using Pilothouse.Storage;

namespace Pilothouse.Server.Watching;

/// <summary>
/// The store's current revision, asked once for many: a caller gets an answer to a question that was put after its call, and
/// all who come while a question is on its way share the next one.
/// </summary>
internal sealed class CoalescedRevision(IStore store)
{
    private readonly Lock _lock = new();

    // Guarded by _lock.
    private Task<Revision>? _asking;
    private Task<Revision>? _next;

    public ValueTask<Revision> ReadAsync(CancellationToken cancellationToken)
    {
        Task<Revision> shared;
        lock (_lock)
        {
            if (_asking is null or { IsCompleted: true })
            {
                if (_next is null)
                {
                    var answer = store.CurrentRevisionAsync(CancellationToken.None);
                    if (answer.IsCompletedSuccessfully)
                        return answer;
                    // Nobody's cancellation may spoil the answer of the others; each only stops waiting.
                    shared = _asking = answer.AsTask();
                }
                else
                {
                    shared = _next;
                }
            }
            else
            {
                shared = _next ??= AskAfterAsync(_asking);
            }
        }
        return new(shared.WaitAsync(cancellationToken));
    }

    private async Task<Revision> AskAfterAsync(Task<Revision> before)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<Revision> mine;
        lock (_lock)
        {
            // From here on newcomers must wait for the question after this one.
            _asking = mine = store.CurrentRevisionAsync(CancellationToken.None).AsTask();
            _next = null;
        }
        return await mine;
    }
}
