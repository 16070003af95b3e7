using System.Text;
using Pilothouse.Objects;

namespace Pilothouse.Storage.Contract;

/// <summary>What every store must do. A store's test class derives from it and says how to open an empty one.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    /// <summary>The store under test: empty, and used by this test alone.</summary>
    protected IStore Store { get; private set; } = null!;

    /// <summary>Where the empty store stands.</summary>
    protected Revision Start { get; private set; }

    /// <summary>How many random histories are compared with the model.</summary>
    protected virtual int Histories => 100;

    /// <summary>A time to live that is short for this store.</summary>
    protected virtual TimeSpan ShortTimeToLive => TimeSpan.FromSeconds(10);

    private static CancellationToken Never => CancellationToken.None;

    public virtual async ValueTask InitializeAsync()
    {
        Store = await OpenAsync();
        Start = await Store.CurrentRevisionAsync(Never);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask<IStore> OpenAsync();

    /// <summary>Lets time pass, for times to live.</summary>
    protected abstract ValueTask ElapseAsync(TimeSpan time);

    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(ReadOnlyMemory<byte>? bytes) => Encoding.UTF8.GetString(bytes!.Value.Span);

    protected async Task<Revision> CreateAsync(string key, string value = "v", TimeSpan? timeToLive = null)
    {
        var result = await Store.WriteAsync(StoreWrite.Create(key, Bytes(value), timeToLive), Never);
        Assert.True(result.Succeeded, $"{key} exists");
        return result.Revision;
    }

    protected async Task<Revision> UpdateAsync(string key, string value, Revision expected, TimeSpan? timeToLive = null)
    {
        var result = await Store.WriteAsync(StoreWrite.Update(key, Bytes(value), expected, timeToLive), Never);
        Assert.True(result.Succeeded, $"{key} is not at {expected}");
        return result.Revision;
    }

    protected async Task<Revision> DeleteAsync(string key, Revision expected)
    {
        var result = await Store.WriteAsync(StoreWrite.Delete(key, expected), Never);
        Assert.True(result.Succeeded, $"{key} is not at {expected}");
        return result.Revision;
    }

    protected async Task<StoreEntry> ExistingAsync(string key, Revision at = default)
    {
        var entry = await Store.GetAsync(key, at, Never);
        Assert.NotNull(entry);
        return entry;
    }
}
