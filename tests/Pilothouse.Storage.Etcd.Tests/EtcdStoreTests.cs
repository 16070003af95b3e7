using System.Text;
using Pilothouse.Objects;
using Pilothouse.Storage.Contract;

namespace Pilothouse.Storage.Etcd.Tests;

/// <summary>What only etcd has: endpoints, TLS, a prefix, others who write, and disconnects.</summary>
public sealed class EtcdStoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TLS_with_client_certificates()
    {
        using var certificates = new TestCertificates();
        await using var etcd = await EtcdProcess.StartAsync("https",
            $"--cert-file={certificates.PathOf("server.crt")}", $"--key-file={certificates.PathOf("server.key")}",
            $"--trusted-ca-file={certificates.CaFile}", "--client-cert-auth=true");
        var settings = new EtcdSettings
        {
            Endpoints = [etcd.Address],
            CaFile = certificates.CaFile,
            CertFile = certificates.PathOf("client.crt"),
            KeyFile = certificates.PathOf("client.key"),
        };
        await using var store = new EtcdStore(settings, TimeProvider.System);
        Assert.True((await store.WriteAsync(StoreWrite.Create("/a", Bytes("1")), Stop)).Succeeded);

        await using var uncertified = new EtcdStore(settings with { CertFile = "", KeyFile = "" }, TimeProvider.System);
        await Assert.ThrowsAsync<StoreException>(async () => await uncertified.GetAsync("/a", Revision.None, Stop));
        await using var untrusting = new EtcdStore(settings with { CaFile = "" }, TimeProvider.System);
        await Assert.ThrowsAsync<StoreException>(async () => await untrusting.GetAsync("/a", Revision.None, Stop));
    }

    [Fact]
    public async Task Keys_lie_below_the_prefix_and_others_only_move_the_revision()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var ours = Store(etcd, "/registry");
        await using var others = Store(etcd, "/other");
        await using var root = Store(etcd, "/");
        var before = await ours.CurrentRevisionAsync(Stop);
        var written = (await ours.WriteAsync(StoreWrite.Create("/pods/a", Bytes("1")), Stop)).Revision;
        var foreign = (await others.WriteAsync(StoreWrite.Create("/pods/a", Bytes("2")), Stop)).Revision;

        Assert.NotNull(await root.GetAsync("/registry/pods/a", Revision.None, Stop));
        Assert.Single((await ours.RangeAsync(StoreRange.Prefix("/"), Stop)).Entries);
        var seen = new List<StoreEvent>();
        await foreach (var batch in ours.WatchAsync(before, Stop))
        {
            seen.AddRange(batch.Events);
            if (batch.Revision >= foreign)
                break;
        }
        Assert.Equal([written], seen.Select(e => e.Revision));
    }

    [Fact]
    public async Task A_watch_resumes_where_it_stopped_when_etcd_comes_back()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var store = Store(etcd);
        var start = await store.CurrentRevisionAsync(Stop);
        var seen = new List<string>();
        var watching = Task.Run(async () =>
        {
            await foreach (var batch in store.WatchAsync(start, Stop))
            {
                seen.AddRange(batch.Events.Select(e => e.Key));
                if (seen.Count == 20)
                    return;
            }
        }, Stop);
        for (var i = 0; i < 10; i++)
            Assert.True((await store.WriteAsync(StoreWrite.Create($"/a/{i:D2}", Bytes("x")), Stop)).Succeeded);
        await etcd.KillAsync();
        await Assert.ThrowsAsync<StoreException>(async () => await store.CheckHealthAsync(Stop));
        await etcd.StartAgainAsync();
        for (var i = 10; i < 20; i++)
            Assert.True((await WriteWhenBackAsync(store, StoreWrite.Create($"/a/{i:D2}", Bytes("x")))).Succeeded);
        await watching.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"/a/{i:D2}"), seen);
    }

    [Fact]
    public async Task An_endpoint_that_is_away_is_passed_over()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        var nobody = $"http://127.0.0.1:{EtcdProcess.FreePort()}";
        await using var store = new EtcdStore(new EtcdSettings { Endpoints = [nobody, etcd.Address] }, TimeProvider.System);
        Assert.True((await store.WriteAsync(StoreWrite.Create("/a", Bytes("1")), Stop)).Succeeded);
        await store.CheckHealthAsync(Stop);
    }

    [Fact]
    public async Task A_store_that_is_away_says_who_is_away()
    {
        var nobody = $"http://127.0.0.1:{EtcdProcess.FreePort()}";
        await using var store = new EtcdStore(new EtcdSettings { Endpoints = [nobody] }, TimeProvider.System);
        var fault = await Assert.ThrowsAsync<StoreException>(async () => await store.CheckHealthAsync(Stop));
        Assert.Equal(StoreFault.Unavailable, fault.Fault);
        Assert.Contains(nobody, fault.Message);
    }

    [Fact]
    public async Task A_compaction_that_overtook_a_watch_ends_it()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var store = Store(etcd);
        var start = await store.CurrentRevisionAsync(Stop);
        var last = start;
        for (var i = 0; i < 5; i++)
            last = (await store.WriteAsync(StoreWrite.Create($"/a/{i}", Bytes("x")), Stop)).Revision;
        await store.CompactAsync(last, Stop);
        await store.CompactAsync(last, Stop);
        await Assert.ThrowsAsync<RevisionCompactedException>(async () =>
        {
            await foreach (var batch in store.WatchAsync(start, Stop))
                Assert.Empty(batch.Events);
        });
    }

    [Fact]
    public async Task Two_clients_see_the_same_order()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var first = Store(etcd);
        await using var second = Store(etcd);
        var start = await first.CurrentRevisionAsync(Stop);
        const int writes = 200;
        var orders = new[] { first, second }.Select(store => Task.Run(async () =>
        {
            var order = new List<string>();
            await foreach (var batch in store.WatchAsync(start, Stop))
            {
                order.AddRange(batch.Events.Select(e => $"{e.Revision} {e.Key}"));
                if (order.Count == 2 * writes)
                    break;
            }
            return order;
        }, Stop)).ToList();
        await Task.WhenAll(
            Parallel.ForAsync(0, writes, Stop, async (i, stop) => await first.WriteAsync(StoreWrite.Create($"/first/{i}", Bytes("x")), stop)),
            Parallel.ForAsync(0, writes, Stop, async (i, stop) => await second.WriteAsync(StoreWrite.Create($"/second/{i}", Bytes("x")), stop)));
        var seen = await Task.WhenAll(orders).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Equal(seen[0], seen[1]);
    }

    [Fact]
    public async Task Keys_that_live_equally_long_share_a_lease()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var store = Store(etcd);
        for (var i = 0; i < 50; i++)
            Assert.True((await store.WriteAsync(StoreWrite.Create($"/events/{i}", Bytes("x"), TimeSpan.FromHours(1)), Stop)).Succeeded);
        var listing = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("etcdctl")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["ETCDCTL_API"] = "3" },
            ArgumentList = { $"--endpoints={etcd.Address}", "lease", "list" },
        });
        Assert.Contains("found 1 leases", await listing!.StandardOutput.ReadToEndAsync(Stop));
    }

    [Fact]
    public async Task A_lease_that_somebody_revoked_is_replaced()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var store = Store(etcd);
        Assert.True((await store.WriteAsync(StoreWrite.Create("/events/1", Bytes("x"), TimeSpan.FromHours(1)), Stop)).Succeeded);
        var lease = (await EtcdctlAsync(etcd, "lease", "list")).Split('\n')[1].Trim();
        await EtcdctlAsync(etcd, "lease", "revoke", lease);
        Assert.True((await store.WriteAsync(StoreWrite.Create("/events/2", Bytes("x"), TimeSpan.FromHours(1)), Stop)).Succeeded);
    }

    [Fact]
    public async Task A_full_etcd_refuses_writes_and_answers_reads_until_there_is_room()
    {
        await using var etcd = await EtcdProcess.StartAsync("http", "--quota-backend-bytes=300000");
        await using var store = Store(etcd);
        var last = (await store.WriteAsync(StoreWrite.Create("/a", Bytes("x")), Stop)).Revision;
        var full = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            while (true)
                last = (await store.WriteAsync(StoreWrite.Update("/a", new byte[20_000], last), Stop)).Revision;
        });
        Assert.Equal(StoreFault.Full, full.Fault);
        // Etcd may notice only on applying a write that there was no room for it: it says so, and has written it.
        var kept = (await store.GetAsync("/a", Revision.None, Stop))!.Modified;
        Assert.True(kept == last || kept == last.Next, $"{kept} after {last}");
        last = kept;
        await store.CompactAsync(last, Stop);
        await EtcdctlAsync(etcd, "defrag");
        await EtcdctlAsync(etcd, "alarm", "disarm");
        Assert.True((await store.WriteAsync(StoreWrite.Update("/a", Bytes("y"), last), Stop)).Succeeded);
    }

    [Fact]
    public async Task A_value_that_is_too_large_for_etcd_is_refused_as_such()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var store = Store(etcd);
        foreach (var size in new[] { 1_800_000, 3_000_000 })
        {
            var refused = await Assert.ThrowsAsync<StoreException>(
                async () => await store.WriteAsync(StoreWrite.Create("/a", new byte[size]), Stop));
            Assert.Equal(StoreFault.TooLarge, refused.Fault);
        }
    }

    [Fact]
    public async Task A_read_larger_than_one_message_comes_whole()
    {
        await using var etcd = await EtcdProcess.StartAsync();
        await using var store = Store(etcd);
        await Parallel.ForAsync(0, 40, Stop, async (i, stop) =>
            Assert.True((await store.WriteAsync(StoreWrite.Create($"/big/{i}", new byte[500_000]), stop)).Succeeded));
        await Parallel.ForAsync(0, 1200, Stop, async (i, stop) =>
            Assert.True((await store.WriteAsync(StoreWrite.Create($"/small/{i:d4}", new byte[10]), stop)).Succeeded));
        Assert.Equal(40, (await store.RangeAsync(StoreRange.Prefix("/big/"), Stop)).Entries.Count);
        var page = await store.RangeAsync(StoreRange.Prefix("/small/"), Stop);
        Assert.Equal((1200, 1200L, false), (page.Entries.Count, page.Count, page.More));
        page = await store.RangeAsync(StoreRange.Prefix("/small/", limit: 700), Stop);
        Assert.Equal((700, 1200L, true), (page.Entries.Count, page.Count, page.More));
    }

    private static async Task<string> EtcdctlAsync(EtcdProcess etcd, params string[] arguments)
    {
        using var etcdctl = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("etcdctl", [$"--endpoints={etcd.Address}", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["ETCDCTL_API"] = "3" },
        })!;
        var output = await etcdctl.StandardOutput.ReadToEndAsync(Stop);
        await etcdctl.WaitForExitAsync(Stop);
        Assert.Equal(0, etcdctl.ExitCode);
        return output;
    }

    private static EtcdStore Store(EtcdProcess etcd, string prefix = "/registry") =>
        new(new EtcdSettings { Endpoints = [etcd.Address], Prefix = prefix }, TimeProvider.System);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>etcd listens a moment before it serves.</summary>
    private static async Task<StoreWriteResult> WriteWhenBackAsync(EtcdStore store, StoreWrite write)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await store.WriteAsync(write, Stop);
            }
            catch (StoreException) when (attempt < 50)
            {
                await Task.Delay(50, Stop);
            }
        }
    }
}
