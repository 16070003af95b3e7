using Microsoft.Extensions.Time.Testing;
using Pilothouse.Storage.Contract;

namespace Pilothouse.Storage.Memory;

public sealed class MemoryStoreTests : StoreContract
{
    private readonly FakeTimeProvider _time = new();

    protected override ValueTask<IStore> OpenAsync() => new(new MemoryStore(_time));

    protected override ValueTask ElapseAsync(TimeSpan time)
    {
        _time.Advance(time);
        return ValueTask.CompletedTask;
    }
}
