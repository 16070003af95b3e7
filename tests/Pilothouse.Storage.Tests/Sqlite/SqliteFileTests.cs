using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Pilothouse.Objects;
using Pilothouse.Storage.Contract;

namespace Pilothouse.Storage.Sqlite;

/// <summary>What concerns the file: reopening, foreign and damaged files, a second process, a full disk.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Never => CancellationToken.None;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_store_that_is_opened_again_has_everything_and_goes_on()
    {
        StoreWriteResult created, deleted;
        await using (var store = SqliteStore.Open(_directory.Path))
        {
            created = await WriteAsync(store, "/a/1");
            var other = await WriteAsync(store, "/a/2");
            deleted = await store.WriteAsync(StoreWrite.Delete("/a/2", other.Revision), Never);
        }
        await using (var store = SqliteStore.Open(_directory.Path))
        {
            Assert.Equal(deleted.Revision, await store.CurrentRevisionAsync(Never));
            Assert.Equal(created.Revision, (await store.GetAsync("/a/1", default, Never))!.Modified);
            await using var watcher = new StoreWatcher(store, created.Revision);
            Assert.Equal(2, (await watcher.NextAsync(2)).Count);
        }
    }

    [Fact]
    public async Task The_revision_does_not_go_back_when_all_is_deleted_and_compacted()
    {
        StoreWriteResult deleted;
        await using (var store = SqliteStore.Open(_directory.Path))
        {
            var created = await WriteAsync(store, "/a/1");
            deleted = await store.WriteAsync(StoreWrite.Delete("/a/1", created.Revision), Never);
            await store.CompactAsync(deleted.Revision, Never);
        }
        await using (var store = SqliteStore.Open(_directory.Path))
        {
            Assert.Equal(deleted.Revision, await store.CurrentRevisionAsync(Never));
            await Assert.ThrowsAsync<RevisionCompactedException>(async () => await store.GetAsync("/a/1", new(2), Never));
            Assert.Equal(deleted.Revision.Next, (await WriteAsync(store, "/a/1")).Revision);
        }
    }

    [Fact]
    public async Task Compaction_deletes_what_is_superseded_and_nothing_else()
    {
        await using (var store = SqliteStore.Open(_directory.Path))
        {
            Revision upTo = default;
            for (var key = 0; key < 40; key++)
            {
                var at = (await WriteAsync(store, $"/a/{key}")).Revision;
                for (var i = 0; i < 20; i++)
                    at = (await store.WriteAsync(StoreWrite.Update($"/a/{key}", new byte[100], at), Never)).Revision;
                upTo = key % 2 == 0 ? at : (await store.WriteAsync(StoreWrite.Delete($"/a/{key}", at), Never)).Revision;
            }
            await store.CompactAsync(upTo, Never);
            Assert.Equal(20, (await store.RangeAsync(StoreRange.Prefix("/a/"), Never)).Count);
        }
        Assert.Equal(20, Rows());
    }

    [Fact]
    public async Task Times_to_live_go_on_when_the_store_is_opened_again()
    {
        var time = new FakeTimeProvider();
        await using (var store = SqliteStore.Open(_directory.Path, time))
            await store.WriteAsync(StoreWrite.Create("/events/1", new byte[1], TimeSpan.FromHours(1)), Never);
        time.Advance(TimeSpan.FromMinutes(59));
        await using (var store = SqliteStore.Open(_directory.Path, time))
        {
            await using var watcher = new StoreWatcher(store, await store.CurrentRevisionAsync(Never));
            Assert.NotNull(await store.GetAsync("/events/1", default, Never));
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.Null((await watcher.NextAsync(1))[0].Value);
        }
        time.Advance(TimeSpan.FromHours(1));
        await using (var store = SqliteStore.Open(_directory.Path, time))
            Assert.Equal(3, (await store.CurrentRevisionAsync(Never)).Value);
    }

    [Fact]
    public async Task A_second_opener_is_told_who_is_in_the_way()
    {
        await using var store = SqliteStore.Open(_directory.Path);
        var refused = Assert.Throws<StoreException>(() => SqliteStore.Open(_directory.Path));
        Assert.Equal(StoreFault.Locked, refused.Fault);
        Assert.Contains(_directory.Path, refused.Message, StringComparison.Ordinal);
        await WriteAsync(store, "/a/1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a database")]
    [InlineData("SQLite format 3\0, but no more")]
    public void A_file_that_is_not_ours_is_named_and_left_alone(string content)
    {
        File.WriteAllText(_directory.File("store.db"), content);
        AssertDamaged();
        Assert.Equal(content, File.ReadAllText(_directory.File("store.db")));
    }

    [Fact]
    public void A_database_of_another_program_is_named_and_left_alone()
    {
        using (var connection = new SqliteConnection($"Data Source={_directory.File("store.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)";
            command.ExecuteNonQuery();
        }
        var before = File.ReadAllBytes(_directory.File("store.db"));
        AssertDamaged();
        Assert.Equal(before, File.ReadAllBytes(_directory.File("store.db")));
    }

    [Theory]
    [InlineData(0.3, 0)]
    [InlineData(0.6, 0)]
    [InlineData(1, -4096)]
    public async Task A_damaged_file_is_named_and_left_alone(double place, int cut)
    {
        await using (var store = SqliteStore.Open(_directory.Path))
        {
            for (var i = 0; i < 100; i++)
                await store.WriteAsync(StoreWrite.Create($"/a/{i}", new byte[3000]), Never);
        }
        var bytes = File.ReadAllBytes(_directory.File("store.db"));
        if (cut != 0)
            bytes = bytes[..(bytes.Length + cut)];
        else
            bytes.AsSpan((int)(bytes.Length * place) / 4096 * 4096, 4096).Fill(0xEE);
        await File.WriteAllBytesAsync(_directory.File("store.db"), bytes);
        AssertDamaged();
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_directory.File("store.db")));
    }

    [Fact]
    public async Task A_draft_that_a_crash_left_does_not_matter()
    {
        await File.WriteAllTextAsync(_directory.File("store.db.new"), "half a file");
        await using var store = SqliteStore.Open(_directory.Path);
        await WriteAsync(store, "/a/1");
    }

    [Fact]
    public async Task On_a_full_disk_writes_fail_reads_go_on_and_room_heals()
    {
        const int pages = 200;
        Revision last;
        await using (var store = SqliteStore.Open(_directory.Path, null, pages))
        {
            last = (await WriteAsync(store, "/a/1")).Revision;
            StoreException? full = null;
            while (full is null)
            {
                try
                {
                    last = (await store.WriteAsync(StoreWrite.Update("/a/1", new byte[10_000], last), Never)).Revision;
                }
                catch (StoreException exception)
                {
                    full = exception;
                }
            }
            Assert.Equal(StoreFault.Full, full.Fault);
            Assert.Contains("store.db", full.Message, StringComparison.Ordinal);
            Assert.Equal(last, (await store.GetAsync("/a/1", default, Never))!.Modified);
            Assert.Equal(last, await store.CurrentRevisionAsync(Never));
            // Room: history is given up.
            await store.CompactAsync(last, Never);
            Assert.Equal(last.Next, (await store.WriteAsync(StoreWrite.Create("/b/1", new byte[10_000]), Never)).Revision);
        }
        await using var again = SqliteStore.Open(_directory.Path);
        Assert.Equal(last, (await again.GetAsync("/a/1", default, Never))!.Modified);
        Assert.NotNull(await again.GetAsync("/b/1", default, Never));
    }

    [Fact]
    public async Task On_a_volume_without_room_writes_fail_reads_go_on_and_room_heals()
    {
        using var volume = SmallVolume.Mount(_directory.File("volume"), megabytes: 4);
        Assert.SkipWhen(volume is null, "mounting a volume needs root");
        await using var store = SqliteStore.Open(volume.Path);
        Revision last = (await WriteAsync(store, "/a/0")).Revision, first = last;
        var failure = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            for (var i = 1; i < 1000; i++)
                last = (await store.WriteAsync(StoreWrite.Create($"/a/{i}", new byte[50_000]), Never)).Revision;
        });
        Assert.Equal(StoreFault.Full, failure.Fault);
        Assert.Equal(last.Value - first.Value + 1, (await store.RangeAsync(StoreRange.Prefix("/a/"), Never)).Count);
        Assert.Equal(last, await store.CurrentRevisionAsync(Never));
        volume.Resize(megabytes: 64);
        Assert.Equal(last.Next, (await store.WriteAsync(StoreWrite.Create("/b/1", new byte[50_000]), Never)).Revision);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = SqliteStore.Open(_directory.Path);
        await store.DisposeAsync();
        await store.DisposeAsync();
        Assert.Equal(StoreFault.Unavailable, (await Assert.ThrowsAsync<StoreException>(() => WriteAsync(store, "/a"))).Fault);
        await Assert.ThrowsAsync<StoreException>(async () => await store.GetAsync("/a", default, Never));
        await Assert.ThrowsAsync<StoreException>(async () => await store.CheckHealthAsync(Never));
    }

    private static Task<StoreWriteResult> WriteAsync(SqliteStore store, string key) =>
        store.WriteAsync(StoreWrite.Create(key, Encoding.UTF8.GetBytes(key)), Never).AsTask();

    private void AssertDamaged()
    {
        var damaged = Assert.Throws<StoreException>(() => SqliteStore.Open(_directory.Path));
        Assert.Equal(StoreFault.Damaged, damaged.Fault);
        Assert.Contains(_directory.File("store.db"), damaged.Message, StringComparison.Ordinal);
    }

    private long Rows()
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File("store.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM log";
        return (long)command.ExecuteScalar()!;
    }
}
