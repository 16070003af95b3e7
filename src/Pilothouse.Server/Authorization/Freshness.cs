using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Authorization;

/// <summary>
/// Waits until the caches show what was written before: whoever is about to refuse has to know everything, because somebody may
/// have been given the right a moment ago, through another server even.
/// </summary>
public sealed class Freshness(ObjectCaches caches, TimeProvider time)
{
    /// <summary>A refusal is not held up for longer than this by a store that does not say what its state is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Returns when the caches show it, or cannot be waited for any longer. Look again in any case: the caches may have caught up
    /// between the first look and this call.
    /// </summary>
    public ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        var latest = caches.WaitForLatestAsync(cancellationToken);
        return latest.IsCompletedSuccessfully ? default : WaitAsync(latest.AsTask(), cancellationToken);
    }

    private async ValueTask WaitAsync(Task latest, CancellationToken cancellationToken)
    {
        try
        {
            await latest.WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception fault) when (fault is StoreException or TimeoutException)
        {
            // What is known decides; the store's faults are its owner's to report.
        }
    }
}
