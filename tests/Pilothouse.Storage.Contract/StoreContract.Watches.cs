using Pilothouse.Objects;

namespace Pilothouse.Storage.Contract;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_watch_tells_what_happened_since_its_revision_and_what_happens()
    {
        var first = await CreateAsync("/a/1", "1");
        var second = await UpdateAsync("/a/1", "2", first);
        await using var watcher = new StoreWatcher(Store, first);
        var third = await DeleteAsync("/a/1", second);
        var fourth = await CreateAsync("/b/1", "4");
        var events = await watcher.NextAsync(3);
        Assert.Equal(["/a/1", "/a/1", "/b/1"], events.Select(change => change.Key));
        Assert.Equal([second, third, fourth], events.Select(change => change.Revision));
        Assert.Equal([first, Revision.None, fourth], events.Select(change => change.Created));
        Assert.Equal("2", Text(events[0].Value));
        Assert.Null(events[1].Value);
        Assert.Equal("4", Text(events[2].Value));
    }

    [Fact]
    public async Task A_watch_from_the_current_revision_waits()
    {
        var first = await CreateAsync("/a/1");
        await using var watcher = new StoreWatcher(Store, first);
        var second = await CreateAsync("/a/2");
        Assert.Equal(second, (await watcher.NextAsync(1))[0].Revision);
    }

    [Fact]
    public async Task A_watch_from_a_compacted_revision_fails()
    {
        var first = await CreateAsync("/a/1");
        var second = await UpdateAsync("/a/1", "2", first);
        var third = await UpdateAsync("/a/1", "3", second);
        await Store.CompactAsync(third, Never);
        await using var watcher = new StoreWatcher(Store, first);
        await Assert.ThrowsAsync<RevisionCompactedException>(() => watcher.NextAsync(1));
    }

    [Fact]
    public async Task A_watch_that_is_up_to_date_survives_compaction()
    {
        var first = await CreateAsync("/a/1");
        await using var watcher = new StoreWatcher(Store, Start);
        await watcher.NextAsync(1);
        var second = await UpdateAsync("/a/1", "2", first);
        await watcher.NextAsync(1);
        await Store.CompactAsync(second, Never);
        var third = await UpdateAsync("/a/1", "3", second);
        Assert.Equal(third, (await watcher.NextAsync(1))[0].Revision);
    }

    [Fact]
    public async Task Every_watcher_sees_every_change_of_many_writers_in_order()
    {
        const int writers = 10, changes = 40;
        await using var early = new StoreWatcher(Store, Start);
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            for (var i = 0; i < changes / 2; i++)
            {
                var created = await CreateAsync($"/w{writer}/{i:d3}");
                if (i % 2 == 0)
                    await UpdateAsync($"/w{writer}/{i:d3}", "again", created);
                else
                    await DeleteAsync($"/w{writer}/{i:d3}", created);
            }
        }));
        await using var late = new StoreWatcher(Store, Start);
        var seen = await early.NextAsync(writers * changes);
        await writing;
        var seenLate = await late.NextAsync(writers * changes);
        var expected = Enumerable.Range(1, writers * changes).Select(i => new Revision(Start.Value + i)).ToArray();
        Assert.Equal(expected, seen.Select(change => change.Revision));
        Assert.Equal(expected, seenLate.Select(change => change.Revision));
        Assert.Equal(seen.Select(change => change.Key), seenLate.Select(change => change.Key));
    }

    [Fact]
    public async Task A_slow_watcher_holds_up_nobody_and_misses_nothing()
    {
        const int changes = 3000;
        await using var slow = Store.WatchAsync(Start, Never).GetAsyncEnumerator(Never);
        var writing = Task.WhenAll(Enumerable.Range(0, changes).Select(i => CreateAsync($"/a/{i}")));
        Assert.True(await slow.MoveNextAsync());
        await writing;
        long seen = slow.Current.Events.Count;
        var last = slow.Current.Events[^1].Revision;
        while (seen < changes)
        {
            Assert.True(await slow.MoveNextAsync());
            foreach (var change in slow.Current.Events)
            {
                Assert.Equal(last.Next, change.Revision);
                last = change.Revision;
                seen++;
            }
        }
        Assert.Equal(await Store.CurrentRevisionAsync(Never), last);
    }

    [Fact]
    public async Task A_watch_ends_with_its_cancellation()
    {
        using var stop = new CancellationTokenSource();
        await using var changes = Store.WatchAsync(Start, stop.Token).GetAsyncEnumerator(Never);
        var waiting = changes.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
