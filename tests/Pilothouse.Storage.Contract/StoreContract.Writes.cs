using Pilothouse.Objects;

namespace Pilothouse.Storage.Contract;

public abstract partial class StoreContract
{
    [Fact]
    public void An_empty_store_stands_at_a_revision_that_does_not_mean_any() => Assert.True(Start.Value >= 1);

    [Fact]
    public async Task Every_change_takes_the_next_revision()
    {
        var created = await CreateAsync("/a/1");
        var updated = await UpdateAsync("/a/1", "w", created);
        var deleted = await DeleteAsync("/a/1", updated);
        Assert.Equal([Start.Next, created.Next, updated.Next], [created, updated, deleted]);
        Assert.Equal(deleted, await Store.CurrentRevisionAsync(Never));
    }

    [Fact]
    public async Task A_created_key_is_there_with_its_value_and_revisions()
    {
        var created = await CreateAsync("/a/1", "{\"x\":1}");
        var entry = await ExistingAsync("/a/1");
        Assert.Equal("/a/1", entry.Key);
        Assert.Equal("{\"x\":1}", Text(entry.Value));
        Assert.Equal((created, created), (entry.Created, entry.Modified));
    }

    [Fact]
    public async Task An_update_keeps_the_revision_of_the_creation()
    {
        var created = await CreateAsync("/a/1");
        var updated = await UpdateAsync("/a/1", "w", created);
        var entry = await ExistingAsync("/a/1");
        Assert.Equal((created, updated), (entry.Created, entry.Modified));
        Assert.Equal("w", Text(entry.Value));
    }

    [Fact]
    public async Task A_key_created_again_has_a_new_revision_of_creation()
    {
        var created = await CreateAsync("/a/1");
        await DeleteAsync("/a/1", created);
        Assert.Null(await Store.GetAsync("/a/1", Revision.None, Never));
        var again = await CreateAsync("/a/1");
        Assert.Equal(again, (await ExistingAsync("/a/1")).Created);
    }

    [Fact]
    public async Task Creating_what_exists_is_refused_with_what_is_there()
    {
        var created = await CreateAsync("/a/1", "first");
        var result = await Store.WriteAsync(StoreWrite.Create("/a/1", Bytes("second")), Never);
        Assert.False(result.Succeeded);
        Assert.Equal(created, result.Current!.Modified);
        Assert.Equal("first", Text(result.Current.Value));
        Assert.Equal(created, await Store.CurrentRevisionAsync(Never));
    }

    [Fact]
    public async Task An_update_from_an_older_revision_is_refused_with_what_is_there()
    {
        var created = await CreateAsync("/a/1");
        var updated = await UpdateAsync("/a/1", "w", created);
        var result = await Store.WriteAsync(StoreWrite.Update("/a/1", Bytes("x"), created), Never);
        Assert.False(result.Succeeded);
        Assert.Equal((created, updated), (result.Current!.Created, result.Current.Modified));
        Assert.Equal("w", Text(result.Current.Value));
    }

    [Fact]
    public async Task A_deletion_from_an_older_revision_is_refused_with_what_is_there()
    {
        var created = await CreateAsync("/a/1");
        var updated = await UpdateAsync("/a/1", "w", created);
        var result = await Store.WriteAsync(StoreWrite.Delete("/a/1", created), Never);
        Assert.False(result.Succeeded);
        Assert.Equal(updated, result.Current!.Modified);
    }

    [Fact]
    public async Task Writes_to_a_key_that_is_gone_are_refused_with_nothing()
    {
        var created = await CreateAsync("/a/1");
        await DeleteAsync("/a/1", created);
        foreach (var write in new[] { StoreWrite.Update("/a/1", Bytes("x"), created), StoreWrite.Delete("/a/1", created) })
        {
            var result = await Store.WriteAsync(write, Never);
            Assert.False(result.Succeeded);
            Assert.Null(result.Current);
        }
    }

    [Fact]
    public async Task Deleting_a_key_that_never_was_is_refused_and_makes_no_revision()
    {
        var result = await Store.WriteAsync(StoreWrite.Delete("/a/1", Revision.None), Never);
        Assert.False(result.Succeeded);
        Assert.Null(result.Current);
        Assert.Equal(Start, await Store.CurrentRevisionAsync(Never));
    }

    [Fact]
    public async Task Values_of_all_sizes_come_back_byte_for_byte()
    {
        var random = new Random(1);
        foreach (var size in new[] { 0, 1, 4095, 4096, 65_537, 1_000_000 })
        {
            var value = new byte[size];
            random.NextBytes(value);
            await Store.WriteAsync(StoreWrite.Create($"/sizes/{size}", value), Never);
            Assert.Equal(value, (await ExistingAsync($"/sizes/{size}")).Value.ToArray());
        }
    }

    [Fact]
    public async Task One_of_many_creators_of_a_key_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(writer =>
            Store.WriteAsync(StoreWrite.Create("/a/1", Bytes($"{writer}")), Never).AsTask()));
        var winner = Assert.Single(results, result => result.Succeeded);
        Assert.All(results.Where(result => !result.Succeeded), result => Assert.Equal(winner.Revision, result.Current!.Modified));
        Assert.Equal(Start.Next, await Store.CurrentRevisionAsync(Never));
    }

    [Fact]
    public async Task Counters_raised_by_many_writers_lose_no_step()
    {
        const int writers = 16, steps = 12;
        await CreateAsync("/counter", "0");
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async _ =>
        {
            for (var step = 0; step < steps;)
            {
                var entry = await ExistingAsync("/counter");
                var next = int.Parse(Text(entry.Value)) + 1;
                var result = await Store.WriteAsync(StoreWrite.Update("/counter", Bytes($"{next}"), entry.Modified), Never);
                if (result.Succeeded)
                    step++;
            }
        }));
        Assert.Equal($"{writers * steps}", Text((await ExistingAsync("/counter")).Value));
    }

    [Fact]
    public async Task The_current_revision_is_never_older_than_an_acknowledged_write()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var step = 0; step < 20; step++)
            {
                var written = await CreateAsync($"/w{writer}/{step}");
                Assert.True(await Store.CurrentRevisionAsync(Never) >= written);
                Assert.Equal(written, (await ExistingAsync($"/w{writer}/{step}")).Modified);
            }
        }));
    }

    [Fact]
    public async Task A_key_with_a_time_to_live_is_deleted_when_it_is_over()
    {
        await using var watcher = new StoreWatcher(Store, Start);
        var created = await CreateAsync("/events/1", "v", ShortTimeToLive);
        await CreateAsync("/events/2");
        await watcher.NextAsync(2);
        Assert.NotNull(await Store.GetAsync("/events/1", Revision.None, Never));
        await ElapseAsync(ShortTimeToLive);
        var deleted = (await watcher.NextAsync(1))[0];
        Assert.Equal("/events/1", deleted.Key);
        Assert.Null(deleted.Value);
        Assert.True(deleted.Revision > created);
        Assert.Null(await Store.GetAsync("/events/1", Revision.None, Never));
        Assert.NotNull(await Store.GetAsync("/events/2", Revision.None, Never));
        Assert.NotNull(await Store.GetAsync("/events/1", created, Never));
    }

    [Fact]
    public async Task An_update_without_a_time_to_live_keeps_the_key_for_good()
    {
        await using var watcher = new StoreWatcher(Store, Start);
        var created = await CreateAsync("/events/1", "v", ShortTimeToLive);
        await UpdateAsync("/events/1", "kept", created);
        await CreateAsync("/events/2", "v", ShortTimeToLive);
        await ElapseAsync(ShortTimeToLive);
        var changes = await watcher.NextAsync(4);
        Assert.Equal("/events/2", changes[3].Key);
        Assert.Equal("kept", Text((await ExistingAsync("/events/1")).Value));
    }

    [Fact]
    public async Task Calls_that_are_cancelled_beforehand_do_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.GetAsync("/a", default, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.RangeAsync(StoreRange.Prefix("/"), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.WriteAsync(StoreWrite.Create("/a", Bytes("v")), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.CurrentRevisionAsync(cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.CompactAsync(Start, cancelled.Token));
        Assert.Null(await Store.GetAsync("/a", default, Never));
    }

    [Fact]
    public async Task Callers_that_give_up_midway_do_not_hurt_the_others()
    {
        using var impatient = new CancellationTokenSource();
        var given = Enumerable.Range(0, 50).Select(async i =>
        {
            try
            {
                await Store.WriteAsync(StoreWrite.Create($"/given-up/{i}", Bytes("v")), impatient.Token);
            }
            catch (OperationCanceledException)
            {
                // May have happened or not.
            }
        }).ToArray();
        var patient = Enumerable.Range(0, 50).Select(i => CreateAsync($"/patient/{i}")).ToArray();
        await impatient.CancelAsync();
        await Task.WhenAll(given);
        await Task.WhenAll(patient);
        Assert.Equal(50, (await Store.RangeAsync(StoreRange.Prefix("/patient/"), Never)).Count);
    }

    [Fact]
    public async Task An_open_store_is_healthy_and_has_a_size()
    {
        await CreateAsync("/a/1", new string('x', 100_000));
        await Store.CheckHealthAsync(Never);
        Assert.True(await Store.SizeAsync(Never) > 0);
    }
}
