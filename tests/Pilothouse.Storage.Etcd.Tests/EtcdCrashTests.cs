using System.Collections.Concurrent;
using System.Globalization;
using Pilothouse.Objects;
using Pilothouse.Storage.Contract;

namespace Pilothouse.Storage.Etcd.Tests;

/// <summary>etcd is killed again and again below a store that writes; what the store acknowledged must be there, and be watched.</summary>
public sealed class EtcdCrashTests
{
    private const int Writers = 8;
    private const int WritesBeforeTheKill = 200;

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable("PILOTHOUSE_CRASH_ROUNDS") ?? "3", CultureInfo.InvariantCulture);

    [Fact]
    public async Task No_acknowledged_write_is_lost_and_the_watch_sees_them_all()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var store = new EtcdStore(new EtcdSettings { Endpoints = [etcd.Address] }, TimeProvider.System);
        var last = await store.CurrentRevisionAsync(default);
        await using var watcher = new StoreWatcher(store, last);
        var watched = new Dictionary<string, Revision>();
        for (var round = 0; round < Rounds; round++)
        {
            var acknowledged = await WriteUntilKilledAsync(store, etcd, round);
            await etcd.StartAgainAsync();
            var current = await CurrentWhenBackAsync(store);
            Assert.True(current >= last && current >= acknowledged.Values.Max(), $"round {round}: at {current} after {last}");
            last = current;
            var entries = (await store.RangeAsync(StoreRange.Prefix($"/r{round}/"), default)).Entries.ToDictionary(entry => entry.Key);
            foreach (var (key, revision) in acknowledged)
                Assert.True(entries.TryGetValue(key, out var entry) && entry.Modified == revision, $"round {round}: {key} at {revision} is lost");
            // Some that were not acknowledged may have happened: the watch sees what the store has.
            while (entries.Keys.Any(key => !watched.ContainsKey(key)))
            {
                var change = (await watcher.NextAsync(1))[0];
                Assert.True(watched.TryAdd(change.Key, change.Revision), $"round {round}: {change.Key} came twice");
            }
        }
    }

    private static async Task<ConcurrentDictionary<string, Revision>> WriteUntilKilledAsync(EtcdStore store, EtcdProcess etcd, int round)
    {
        var acknowledged = new ConcurrentDictionary<string, Revision>(StringComparer.Ordinal);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            try
            {
                for (var i = 0; ; i++)
                {
                    var key = $"/r{round}/w{writer}/{i}";
                    acknowledged[key] = (await store.WriteAsync(StoreWrite.Create(key, new byte[1024]), default)).Revision;
                    if (acknowledged.Count >= WritesBeforeTheKill)
                        enough.TrySetResult();
                }
            }
            catch (StoreException)
            {
                // Killed: this write may have happened or not.
            }
        })));
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await etcd.KillAsync();
        await writing;
        return acknowledged;
    }

    /// <summary>etcd listens a moment before it serves.</summary>
    private static async Task<Revision> CurrentWhenBackAsync(EtcdStore store)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await store.CurrentRevisionAsync(default);
            }
            catch (StoreException) when (attempt < 100)
            {
                await Task.Delay(50);
            }
        }
    }
}
