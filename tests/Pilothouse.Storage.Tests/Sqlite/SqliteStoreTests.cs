using Microsoft.Extensions.Time.Testing;
using Pilothouse.Storage.Contract;

namespace Pilothouse.Storage.Sqlite;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();

    // Every write is flushed to disk.
    protected override int Histories => 40;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }

    protected override ValueTask<IStore> OpenAsync() => new(SqliteStore.Open(_directory.Path, _time));

    protected override ValueTask ElapseAsync(TimeSpan time)
    {
        _time.Advance(time);
        return ValueTask.CompletedTask;
    }
}
