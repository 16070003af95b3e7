using Pilothouse.Objects;

namespace Pilothouse.Storage.Sqlite;

/// <summary>A caller's compare-and-swap.</summary>
internal sealed class WriteWork(StoreWrite write, long? expires) : LogWork
{
    protected override StoreWriteResult Run(LogTransaction transaction)
    {
        var (modified, created) = transaction.Find(write.Key);
        if (modified != write.Expected || (write.Value is null && modified.IsNone))
            return StoreWriteResult.Refused(modified.IsNone ? null : new StoreEntry(write.Key, transaction.Value(modified), created, modified));
        return StoreWriteResult.Written(transaction.Append(write.Key, write.Value, write.Value is null ? Revision.None : created, expires));
    }
}
