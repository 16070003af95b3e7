using Pilothouse.Objects;

namespace Pilothouse.Storage.Sqlite;

/// <summary>Gives up the history up to a revision; nothing is deleted yet.</summary>
internal sealed class CompactionWork(Revision upTo) : LogWork
{
    protected override StoreWriteResult Run(LogTransaction transaction)
    {
        transaction.MarkCompacted(upTo);
        return default;
    }
}
