using CsCheck;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Tests.Watching;

public class WatcherTests
{
    private static readonly string[] s_selectors = ["", "w=1", "w!=1", "w in (1,2)"];

    /// <summary>What any watcher was told, put together, is what a list with its selector shows, at every revision.</summary>
    [Fact]
    public async Task A_watchers_view_is_the_list_at_every_revision() =>
        await Gen.Select(
            Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1], Gen.Int[-1, 2]).Array[1, 80], Gen.Int[0, 79], Gen.Int[0, 3], Gen.Bool, Gen.Bool).SampleAsync(
            async (edits, joinAt, selector, inNamespace, byName) =>
            {
                await using var hub = new CacheFixture();
                await hub.SettleAsync();
                var filter = ObjectFilter.Create(
                    TestObjects.ConfigMaps, inNamespace ? "ns0" : "", "",
                    new() { LabelSelector = s_selectors[selector], FieldSelector = byName ? "metadata.name=c1" : "" }).Value;
                var view = new SortedDictionary<string, CachedObject>(StringComparer.Ordinal);
                var consumer = new Consumer();
                Watcher? watcher = null;
                for (var i = 0; i < edits.Length; i++)
                {
                    if (i == Math.Min(joinAt, edits.Length - 1))
                    {
                        var state = hub.ConfigMaps.WatchFromNow(s => watcher = new(filter, s.Revision, 8192, consumer));
                        foreach (var obj in state.Tree.All.Where(filter.Matches))
                            view.Add(obj.Key, obj);
                    }
                    var (number, ns, label) = edits[i];
                    var key = $"/configmaps/ns{ns}/c{number}";
                    if (label < 0 && await hub.Store.GetAsync(key, default, CancellationToken.None) is null)
                        continue;
                    var revision = await hub.PutAsync(key, label < 0 ? null : TestObjects.ConfigMap($"ns{ns}", $"c{number}", $"{i}", $"w={label}"));
                    await hub.SettleAsync();
                    if (watcher is null)
                        continue;
                    Consumer.Follow(watcher, view);
                    Assert.True(hub.ConfigMaps.TrySnapshotAt(revision, out var now));
                    Assert.Equal(
                        now.All.Where(filter.Matches).Select(o => (o.Key, o.Revision)), view.Values.Select(o => (o.Key, o.Revision)));
                }
            },
            iter: 40, threads: 1);

    [Fact]
    public async Task Narrow_watchers_are_not_touched_by_what_is_not_theirs()
    {
        await using var hub = new CacheFixture();
        await hub.SettleAsync();
        var consumer = new Consumer();
        var filters = Enumerable.Range(0, 1000).Select(i => ObjectFilter.Create(
            TestObjects.Pods, i % 2 == 0 ? $"ns{i}" : "", "", new() { FieldSelector = i % 2 == 0 ? "" : $"spec.nodeName=n{i}" }).Value);
        var watchers = filters.Select(f =>
        {
            Watcher? made = null;
            hub.Pods.WatchFromNow(s => made = new(f, s.Revision, 16, consumer));
            return made!;
        }).ToList();
        await hub.PutAsync("/pods/ns4/p", TestObjects.Pod("ns4", "p", "n7"));
        await hub.SettleAsync();
        Assert.Equal([4, 7], Enumerable.Range(0, 1000).Where(i => watchers[i].TryTake([], out _)));
        foreach (var watcher in watchers)
            hub.Pods.Unwatch(watcher);
        Assert.Equal(0, hub.Pods.WatcherCount);
    }

    [Fact]
    public async Task A_queue_that_overflows_is_cut_off_once()
    {
        await using var hub = new CacheFixture();
        await hub.SettleAsync();
        var consumer = new Consumer();
        Watcher? watcher = null;
        hub.ConfigMaps.WatchFromNow(s => watcher = new(ObjectFilter.Create(TestObjects.ConfigMaps, "", "", new()).Value, s.Revision, 8, consumer));
        for (var i = 0; i < 20; i++)
            await hub.PutAsync("ns", "a", TestObjects.ConfigMap("ns", "a", $"{i}"));
        await hub.SettleAsync();
        await consumer.CutOffOnce.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(watcher!.TryTake([], out var taken));
        Assert.Equal((0, WatcherEnd.Overflowed), (taken.Count, taken.End));
    }

    /// <summary>Never runs by itself: tests take what waits when they want it.</summary>
    private sealed class Consumer : IWatchConsumer
    {
        public TaskCompletionSource CutOffOnce { get; } = new();

        public void Execute()
        {
        }

        public void CutOff() => CutOffOnce.SetResult();

        public static void Follow(Watcher watcher, SortedDictionary<string, CachedObject> view)
        {
            while (watcher.TryTake([], out var taken))
            {
                Assert.Equal(WatcherEnd.None, taken.End);
                foreach (var (type, obj) in taken.Events.AsSpan(0, taken.Count))
                {
                    Assert.Equal(type != WatchEventType.Added, view.ContainsKey(obj.Key));
                    if (type == WatchEventType.Deleted)
                        view.Remove(obj.Key);
                    else
                        view[obj.Key] = obj;
                }
            }
        }
    }
}
