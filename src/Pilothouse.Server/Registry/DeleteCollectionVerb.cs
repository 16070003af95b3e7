using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>DELETE of a collection: lists it, and deletes what is on the list, a bounded number at a time.</summary>
internal sealed class DeleteCollectionVerb(ObjectRegistry registry, DeleteVerb delete)
{
    /// <summary>Deletes the objects. An object that somebody else deleted meanwhile is no failure; the first other failure is the answer.</summary>
    public async ValueTask<Status?> DeleteAsync(ResourceRequest request, IReadOnlyList<CachedObject> objects, DeleteOptions options)
    {
        Status? failure = null;
        var gate = new Lock();
        var settings = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Max(1, registry.Options.DeleteCollectionWorkers),
            CancellationToken = request.Api.Cancellation,
        };
        // Warnings are the request's, which one thread uses: with one worker they come as they are found.
        await Parallel.ForEachAsync(objects, settings, async (obj, _) =>
        {
            lock (gate)
            {
                if (failure is not null)
                    return;
            }
            var result = await delete.DeleteAsync(request, obj.Name, obj.Namespace, options);
            if (result.Failure is { } refused && refused.Reason != "NotFound")
            {
                lock (gate)
                    failure ??= refused;
            }
        });
        return failure;
    }
}
