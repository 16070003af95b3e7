using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;
using Pilothouse.Storage;

namespace Pilothouse.Server.CustomResources.Definitions;

/// <summary>
/// Deletes all custom resources under a prefix of the store, as a delete of their collection would, and past admission: those with
/// finalizers are marked, and go when the last is taken away.
/// </summary>
internal sealed class InstanceDeletion(IStore store, TimeProvider time)
{
    private const int PageSize = 500;

    // Written side by side, so that a store that commits in groups does it in a few.
    private const int Concurrency = 32;

    private int _deleted;

    /// <summary>How many went.</summary>
    public int Deleted => _deleted;

    /// <summary>Goes through all of them once.</summary>
    /// <returns>Whether any is left.</returns>
    public async Task<bool> DeleteAllAsync(string prefix, CancellationToken cancellationToken)
    {
        var range = StoreRange.Prefix(prefix, PageSize);
        while (true)
        {
            var page = await store.RangeAsync(range, cancellationToken);
            await Parallel.ForEachAsync(
                page.Entries, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
                async (entry, token) => await DeleteAsync(entry, token));
            if (!page.More)
                break;
            range = range with { Start = page.Entries[^1].Key + "\0" };
        }
        var rest = await store.RangeAsync(StoreRange.Prefix(prefix, limit: 1), cancellationToken);
        return rest.Entries.Count > 0;
    }

    private async ValueTask DeleteAsync(StoreEntry? entry, CancellationToken cancellationToken)
    {
        while (entry is not null)
        {
            var write = StoreWrite.Delete(entry.Key, entry.Modified);
            if (Read(entry.Value) is { } obj && ObjectMetadata.Of(obj) is { Finalizers.Count: > 0 } metadata)
            {
                if (metadata.DeletionTimestamp.Length > 0)
                    return;
                Deletion.Mark(metadata, time.GetUtcNow());
                write = StoreWrite.Update(entry.Key, JsonNodes.ToUtf8(obj), entry.Modified);
            }
            var result = await store.WriteAsync(write, cancellationToken);
            if (result.Succeeded)
            {
                if (write.Value is null)
                    Interlocked.Increment(ref _deleted);
                return;
            }
            entry = result.Current;
        }
    }

    /// <summary>What cannot be read holds nothing: it is deleted.</summary>
    private static JsonObject? Read(ReadOnlyMemory<byte> value)
    {
        try
        {
            return JsonNodes.Parse(value.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
