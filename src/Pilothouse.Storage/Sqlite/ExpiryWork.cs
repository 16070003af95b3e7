namespace Pilothouse.Storage.Sqlite;

/// <summary>Deletes keys whose time to live is over. <see cref="Next"/> says when that is to be done again.</summary>
internal sealed class ExpiryWork(long now) : LogWork
{
    private const int RowsAtOnce = 500;

    public long? Next { get; private set; }

    protected override StoreWriteResult Run(LogTransaction transaction)
    {
        Next = transaction.DeleteExpired(now, RowsAtOnce) ? now : transaction.NextExpiry();
        return default;
    }
}
