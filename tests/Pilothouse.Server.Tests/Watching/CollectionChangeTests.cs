using Pilothouse.Catalog;
using Pilothouse.Storage;
using Pilothouse.Storage.Memory;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>A collection is replaced by another with the same keys, as when a definition changes, while things go on.</summary>
public class CollectionChangeTests
{
    private static readonly StoredResource s_old = TestObjects.ConfigMaps.Stored;

    private static StoredResource Successor() => new()
    {
        Resource = s_old.Resource,
        Kind = s_old.Kind,
        Namespaced = s_old.Namespaced,
        Schema = s_old.Schema,
        KeyPrefix = s_old.KeyPrefix,
        Strategy = s_old.Strategy,
    };

    [Fact]
    public async Task Until_the_new_one_is_filled_the_old_one_is_served_and_then_both_know_what_happened()
    {
        var store = new InterruptedStore(new MemoryStore());
        await using var hub = new CacheFixture(store: store);
        await hub.PutAsync("ns", "before", TestObjects.ConfigMap("ns", "before"));
        await hub.SettleAsync();
        var next = Successor();
        store.Before = async () =>
        {
            await hub.PutAsync("ns", "meanwhile", TestObjects.ConfigMap("ns", "meanwhile"));
            await hub.SettleAsync();
            Assert.Equal(["before", "meanwhile"], Names(hub, s_old));
        };

        await hub.Caches.ChangeAsync([next], [s_old], CancellationToken.None);
        await hub.PutAsync("ns", "then", TestObjects.ConfigMap("ns", "then"));
        await hub.SettleAsync();

        Assert.Equal(["before", "meanwhile", "then"], Names(hub, next));
        Assert.Equal(["before", "meanwhile", "then"], Names(hub, s_old));
    }

    [Fact]
    public async Task When_the_store_cannot_be_read_the_old_one_stays_and_has_missed_nothing()
    {
        var store = new InterruptedStore(new MemoryStore());
        await using var hub = new CacheFixture(store: store);
        await hub.SettleAsync();
        var next = Successor();
        store.Before = async () =>
        {
            await hub.PutAsync("ns", "meanwhile", TestObjects.ConfigMap("ns", "meanwhile"));
            await hub.SettleAsync();
            throw new StoreException(StoreFault.Unavailable, "not now");
        };

        await Assert.ThrowsAsync<StoreException>(() => hub.Caches.ChangeAsync([next], [s_old], CancellationToken.None));

        Assert.Equal(["meanwhile"], Names(hub, s_old));
        Assert.Throws<InvalidOperationException>(() => hub.Caches.For(next));
        await hub.Caches.ChangeAsync([next], [s_old], CancellationToken.None);
        Assert.Equal(["meanwhile"], Names(hub, next));
    }

    private static string[] Names(CacheFixture hub, StoredResource resource) =>
        [.. hub.Caches.For(resource).Snapshot.Prefix(resource.KeyPrefix).Select(o => o.Name)];
}
