using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;
using Pilothouse.Storage.Memory;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>A memory store with the hub running over it.</summary>
internal sealed class CacheFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public CacheFixture(ObjectCachesOptions? options = null, IStore? store = null)
    {
        Store = store ?? new MemoryStore(Time);
        Caches = new(Store, TestObjects.Catalog.Stored, options ?? new(), Time, NullLogger<ObjectCaches>.Instance);
        _running = Task.Run(() => Caches.RunAsync(_stop.Token));
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public IStore Store { get; }

    public ObjectCaches Caches { get; }

    public ResourceCache ConfigMaps => Caches.For(TestObjects.ConfigMaps.Stored);

    public ResourceCache Pods => Caches.For(TestObjects.Pods.Stored);

    /// <summary>Creates, replaces or (null) deletes a ConfigMap, and returns the revision of that.</summary>
    public Task<Revision> PutAsync(string ns, string name, byte[]? value) =>
        PutAsync(TestObjects.ConfigMaps.Stored.Key(ns, name), value);

    public async Task<Revision> PutAsync(string key, byte[]? value)
    {
        var current = await Store.GetAsync(key, default, CancellationToken.None);
        var written = await Store.WriteAsync(new(key, value is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(value), current?.Modified ?? default), CancellationToken.None);
        Assert.True(written.Succeeded);
        return written.Revision;
    }

    public async Task SettleAsync() => await Caches.WaitForLatestAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Store.DisposeAsync();
        _stop.Dispose();
    }
}
