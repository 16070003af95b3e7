using CsCheck;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;
using Pilothouse.Storage.Memory;

namespace Pilothouse.Server.Tests.Watching;

public class ObjectCachesTests
{
    [Fact]
    public async Task What_was_in_the_store_is_in_the_caches_once_they_are_filled()
    {
        var store = new MemoryStore();
        for (var i = 0; i < 250; i++)
            await store.WriteAsync(StoreWrite.Create($"/configmaps/ns/c{i}", TestObjects.ConfigMap("ns", $"c{i}")), CancellationToken.None);
        await store.WriteAsync(StoreWrite.Create("/services/specs/ns/s", "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"s\"}}"u8.ToArray()), CancellationToken.None);
        await store.WriteAsync(StoreWrite.Create("/unknown/x", "?"u8.ToArray()), CancellationToken.None);

        await using var hub = new CacheFixture(new() { LoadPage = 100 }, store);
        await hub.SettleAsync();

        Assert.Equal(250, hub.ConfigMaps.Snapshot.Count);
        Assert.NotNull(hub.ConfigMaps.Find("ns", "c17"));
        Assert.Null(hub.ConfigMaps.Find("other", "c17"));
        Assert.NotNull(hub.Caches.Find(new("", "services"), "ns", "s"));
        Assert.True(hub.Caches.IsReady, hub.Caches.NotReadyReason);
    }

    [Fact]
    public async Task A_read_after_a_write_sees_it()
    {
        await using var hub = new CacheFixture();
        for (var i = 0; i < 100; i++)
        {
            var revision = await hub.PutAsync("ns", "a", TestObjects.ConfigMap("ns", "a", $"{i}"));
            await hub.SettleAsync();
            Assert.Equal(revision, hub.ConfigMaps.Find("ns", "a")!.Revision);
        }
        await hub.PutAsync("ns", "a", null);
        await hub.SettleAsync();
        Assert.Null(hub.ConfigMaps.Find("ns", "a"));
    }

    [Fact]
    public async Task Any_past_revision_in_the_history_can_be_read() =>
        await Gen.Select(Gen.Int[0, 6], Gen.Int[0, 3]).Array[1, 60].SampleAsync(
            async edits =>
            {
                await using var hub = new CacheFixture();
                await hub.SettleAsync();
                var states = new List<(Revision Revision, string[] Keys)>();
                foreach (var (number, action) in edits)
                {
                    var exists = await hub.Store.GetAsync($"/configmaps/ns/c{number}", default, CancellationToken.None) is not null;
                    if (action == 0 && !exists)
                        continue;
                    var revision = await hub.PutAsync("ns", $"c{number}", action == 0 ? null : TestObjects.ConfigMap("ns", $"c{number}"));
                    await hub.SettleAsync();
                    states.Add((revision, Show(hub.ConfigMaps.Snapshot)));
                }
                foreach (var (revision, keys) in states)
                {
                    Assert.True(hub.ConfigMaps.TrySnapshotAt(revision, out var tree));
                    Assert.Equal(keys, Show(tree));
                }
            },
            iter: 20);

    [Fact]
    public async Task A_history_that_overflows_forgets_the_oldest()
    {
        await using var hub = new CacheFixture(new() { HistoryChanges = 16 });
        await hub.SettleAsync();
        var first = await hub.PutAsync("ns", "a", TestObjects.ConfigMap("ns", "a"));
        Revision last = default;
        for (var i = 0; i < 40; i++)
            last = await hub.PutAsync("ns", "a", TestObjects.ConfigMap("ns", "a", $"{i}"));
        await hub.SettleAsync();
        Assert.False(hub.ConfigMaps.TrySnapshotAt(first, out _));
        Assert.True(hub.ConfigMaps.TrySnapshotAt(new(last.Value - 16), out _));
        Assert.False(hub.ConfigMaps.TrySnapshotAt(new(last.Value - 17), out _));
    }

    [Fact]
    public async Task An_encrypted_value_is_named_by_readiness_until_it_is_gone()
    {
        await using var hub = new CacheFixture();
        await hub.PutAsync("ns", "p", "k8s:enc:aescbc:v1:key:secret"u8.ToArray());
        await hub.SettleAsync();
        Assert.Contains("/configmaps/ns/p", hub.Caches.NotReadyReason, StringComparison.Ordinal);
        Assert.Contains("it is encrypted (aescbc)", hub.Caches.NotReadyReason, StringComparison.Ordinal);
        await hub.PutAsync("ns", "p", null);
        await hub.SettleAsync();
        Assert.True(hub.Caches.IsReady);
    }

    [Fact]
    public async Task A_wait_for_a_revision_of_the_future_ends_with_a_failure_that_names_both()
    {
        await using var hub = new CacheFixture();
        await hub.PutAsync("ns", "a", TestObjects.ConfigMap("ns", "a"));
        await hub.SettleAsync();
        var waiting = hub.Caches.WaitBrieflyAsync(new(999), CancellationToken.None).AsTask();
        hub.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal($"Timeout: Too large resource version: 999, current: {hub.Caches.Revision}", (await waiting)!.Message);
    }

    [Fact]
    public async Task A_compaction_that_overtook_the_hub_makes_it_fill_its_caches_anew()
    {
        var store = new OvertakenStore(new MemoryStore());
        await using var hub = new CacheFixture(store: store);
        await hub.PutAsync("ns", "a", TestObjects.ConfigMap("ns", "a"));
        await hub.SettleAsync();
        store.Overtake();
        await hub.PutAsync("ns", "b", TestObjects.ConfigMap("ns", "b"));
        await hub.SettleAsync();
        Assert.Equal(2, hub.ConfigMaps.Snapshot.Count);
        Assert.False(hub.ConfigMaps.TrySnapshotAt(new(1), out _));
    }

    private static string[] Show(ObjectTree tree) => [.. tree.All.Select(o => $"{o.Key}@{o.Revision}")];
}
