using Pilothouse.Objects;

namespace Pilothouse.Storage.Sqlite;

/// <summary>Deletes a piece of the history that was given up.</summary>
internal sealed class SweepWork(Revision after, Revision upTo) : LogWork
{
    protected override StoreWriteResult Run(LogTransaction transaction)
    {
        transaction.Sweep(after, upTo);
        return default;
    }
}
