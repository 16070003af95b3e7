using Pilothouse.Objects;

namespace Pilothouse.Storage.Contract;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_key_that_never_was_is_nothing() => Assert.Null(await Store.GetAsync("/a/1", Revision.None, Never));

    [Fact]
    public async Task Reads_at_a_revision_show_what_was_there_then()
    {
        var created = await CreateAsync("/a/1", "first");
        var updated = await UpdateAsync("/a/1", "second", created);
        var deleted = await DeleteAsync("/a/1", updated);
        await CreateAsync("/a/2");
        Assert.Null(await Store.GetAsync("/a/1", Start, Never));
        Assert.Equal("first", Text((await ExistingAsync("/a/1", created)).Value));
        Assert.Equal("second", Text((await ExistingAsync("/a/1", updated)).Value));
        Assert.Null(await Store.GetAsync("/a/1", deleted, Never));
        Assert.Equal(updated, Assert.Single((await Store.RangeAsync(StoreRange.Prefix("/a/", at: updated), Never)).Entries).Modified);
    }

    [Fact]
    public async Task A_range_has_its_start_and_not_its_end_in_ordinal_order()
    {
        foreach (var key in new[] { "/b/2", "/a/1", "/b/10", "/B/1", "/b/1", "/c/1", "/b" })
            await CreateAsync(key);
        var page = await Store.RangeAsync(StoreRange.Prefix("/b/"), Never);
        Assert.Equal(["/b/1", "/b/10", "/b/2"], page.Entries.Select(entry => entry.Key));
        Assert.Equal((3, false), (page.Count, page.More));
        page = await Store.RangeAsync(new StoreRange("/b/1", "/b/2"), Never);
        Assert.Equal(["/b/1", "/b/10"], page.Entries.Select(entry => entry.Key));
        Assert.Equal(7, (await Store.RangeAsync(StoreRange.Prefix("/"), Never)).Count);
        Assert.Equal(7, (await Store.RangeAsync(StoreRange.Prefix(""), Never)).Count);
    }

    [Fact]
    public async Task An_empty_range_tells_the_revision()
    {
        var created = await CreateAsync("/a/1");
        var page = await Store.RangeAsync(StoreRange.Prefix("/b/"), Never);
        Assert.Empty(page.Entries);
        Assert.Equal((created, false, 0L), (page.Revision, page.More, page.Count));
        page = await Store.RangeAsync(new StoreRange("/b", "/a"), Never);
        Assert.Empty(page.Entries);
    }

    [Fact]
    public async Task Pages_at_one_revision_show_one_state_whatever_is_written_between()
    {
        var keys = Enumerable.Range(0, 25).Select(i => $"/p/{i:d3}").ToArray();
        foreach (var key in keys)
            await CreateAsync(key);
        var first = await Store.RangeAsync(StoreRange.Prefix("/p/", limit: 10), Never);
        Assert.Equal((10, true, 25L), (first.Entries.Count, first.More, first.Count));
        await DeleteAsync("/p/012", (await ExistingAsync("/p/012")).Modified);
        await CreateAsync("/p/013a");
        var found = first.Entries.Select(entry => entry.Key).ToList();
        for (var page = first; page.More;)
        {
            page = await Store.RangeAsync(new StoreRange(found[^1] + '\0', "/p0", 10, first.Revision), Never);
            Assert.Equal(first.Revision, page.Revision);
            Assert.Equal(keys.Length - found.Count, page.Count);
            found.AddRange(page.Entries.Select(entry => entry.Key));
        }
        Assert.Equal(keys, found);
    }

    [Fact]
    public async Task Reads_at_a_revision_that_is_not_there_yet_say_so()
    {
        var created = await CreateAsync("/a/1");
        await Assert.ThrowsAsync<RevisionInFutureException>(async () => await Store.GetAsync("/a/1", created.Next, Never));
        await Assert.ThrowsAsync<RevisionInFutureException>(async () => await Store.RangeAsync(StoreRange.Prefix("/a", at: created.Next), Never));
        await Assert.ThrowsAsync<RevisionInFutureException>(async () => await Store.CompactAsync(created.Next, Never));
    }

    [Fact]
    public async Task Compaction_forgets_older_states_and_keeps_what_is_there()
    {
        var first = await CreateAsync("/a/1", "first");
        var second = await UpdateAsync("/a/1", "second", first);
        var other = await CreateAsync("/a/2", "other");
        var gone = await DeleteAsync("/a/2", other);
        var third = await UpdateAsync("/a/1", "third", second);
        await Store.CompactAsync(gone, Never);
        await Assert.ThrowsAsync<RevisionCompactedException>(async () => await Store.GetAsync("/a/1", other, Never));
        await Assert.ThrowsAsync<RevisionCompactedException>(async () => await Store.RangeAsync(StoreRange.Prefix("/a", at: first), Never));
        Assert.Equal("second", Text((await ExistingAsync("/a/1", gone)).Value));
        Assert.Null(await Store.GetAsync("/a/2", gone, Never));
        Assert.Equal("third", Text((await ExistingAsync("/a/1")).Value));
        Assert.Equal(third, await Store.CurrentRevisionAsync(Never));
        Assert.Equal(third, Assert.Single((await Store.RangeAsync(StoreRange.Prefix("/a"), Never)).Entries).Modified);
    }

    [Fact]
    public async Task Compacting_again_or_further_back_does_nothing()
    {
        var first = await CreateAsync("/a/1");
        var second = await UpdateAsync("/a/1", "second", first);
        await Store.CompactAsync(second, Never);
        await Store.CompactAsync(second, Never);
        await Store.CompactAsync(first, Never);
        Assert.Equal("second", Text((await ExistingAsync("/a/1")).Value));
    }

    [Fact]
    public async Task Compacting_everything_keeps_the_revision()
    {
        var created = await CreateAsync("/a/1");
        var deleted = await DeleteAsync("/a/1", created);
        await Store.CompactAsync(deleted, Never);
        Assert.Equal(deleted, await Store.CurrentRevisionAsync(Never));
        Assert.Equal(deleted.Next, await CreateAsync("/a/1"));
    }
}
