using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Services;
using Pilothouse.Server.Tests.Watching;

namespace Pilothouse.Server.Tests.Services;

public sealed class ServiceAllocatorTests
{
    private static readonly ResourceCatalog Catalog = BuiltInCatalog.Load();

    private static ServiceAllocator Allocator(CacheFixture fixture, string range = "10.96.0.0/16", int ports = 2768) =>
        new(Catalog, fixture.Store, fixture.Caches, [IPNetwork.Parse(range)], (30000, ports), fixture.Time);

    private static JsonObject Service(string name, string type = "ClusterIP") => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "n" },
        ["spec"] = new JsonObject
        {
            ["type"] = type,
            ["selector"] = new JsonObject { ["a"] = "b" },
            ["ports"] = new JsonArray(new JsonObject { ["port"] = 80L, ["protocol"] = "TCP" }),
        },
    };

    [Fact]
    public async Task Parallel_services_through_two_servers_never_share_an_address_or_a_port()
    {
        await using var fixture = new CacheFixture();
        await fixture.SettleAsync();
        ServiceAllocator[] servers = [Allocator(fixture), Allocator(fixture)];
        var addresses = new ConcurrentBag<string>();
        var ports = new ConcurrentBag<long>();
        await Parallel.ForAsync(0, 100, async (i, token) =>
        {
            var service = Service($"s{i}", "NodePort");
            var reservation = (await servers[i % 2].ReserveAsync(service, null, dryRun: false, token)).Value!;
            await reservation.KeepAsync(token);
            addresses.Add(service.Object("spec")!.Text("clusterIP")!);
            ports.Add(service.Object("spec").Objects("ports").Single().Integer("nodePort")!.Value);
        });
        Assert.Equal(100, addresses.Distinct().Count());
        Assert.Equal(100, ports.Distinct().Count());
    }

    [Fact]
    public async Task What_is_released_is_free_again()
    {
        await using var fixture = new CacheFixture();
        await fixture.SettleAsync();
        // Six addresses and one port: the second service finds only what the first gave back.
        var allocator = Allocator(fixture, "10.0.0.0/29", ports: 1);
        var first = Service("a", "NodePort");
        var reservation = (await allocator.ReserveAsync(first, null, dryRun: false, CancellationToken.None)).Value!;
        await reservation.KeepAsync(CancellationToken.None);
        Assert.Equal(500, (await allocator.ReserveAsync(Service("b", "NodePort"), null, dryRun: false, CancellationToken.None)).Failure!.Code);
        await allocator.ReleaseAsync(first, CancellationToken.None);
        Assert.True((await allocator.ReserveAsync(Service("c", "NodePort"), null, dryRun: false, CancellationToken.None)).Succeeded);
    }

    [Fact]
    public async Task A_write_that_fails_gives_back_what_it_took()
    {
        await using var fixture = new CacheFixture();
        await fixture.SettleAsync();
        var allocator = Allocator(fixture);
        var service = Service("a");
        service.Object("spec")!["clusterIPs"] = new JsonArray("10.96.7.7");
        var reservation = (await allocator.ReserveAsync(service, null, dryRun: false, CancellationToken.None)).Value!;
        var second = Service("b");
        second.Object("spec")!["clusterIPs"] = new JsonArray("10.96.7.7");
        Assert.Equal(
            "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.7.7\"]: failed to allocate IP 10.96.7.7: provided IP is already allocated",
            (await allocator.ReserveAsync((JsonObject)second.DeepClone(), null, dryRun: false, CancellationToken.None)).Failure!.Message);
        await reservation.ReleaseAsync(CancellationToken.None);
        Assert.True((await allocator.ReserveAsync(second, null, dryRun: false, CancellationToken.None)).Succeeded);
    }

    [Fact]
    public async Task A_dry_run_takes_nothing()
    {
        await using var fixture = new CacheFixture();
        await fixture.SettleAsync();
        var allocator = Allocator(fixture);
        var before = await fixture.Store.CurrentRevisionAsync(CancellationToken.None);
        Assert.True((await allocator.ReserveAsync(Service("a", "NodePort"), null, dryRun: true, CancellationToken.None)).Succeeded);
        Assert.Equal(before, await fixture.Store.CurrentRevisionAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_headless_service_without_a_selector_is_of_both_families_and_takes_no_address()
    {
        await using var fixture = new CacheFixture();
        await fixture.SettleAsync();
        var service = Service("a");
        service.Object("spec")!.Remove("selector");
        service.Object("spec")!["clusterIP"] = "None";
        service.Object("spec")!["clusterIPs"] = new JsonArray("None");
        Assert.True((await Allocator(fixture).ReserveAsync(service, null, dryRun: false, CancellationToken.None)).Succeeded);
        Assert.Equal("RequireDualStack", service.Object("spec")!.Text("ipFamilyPolicy"));
        Assert.Equal(["IPv4", "IPv6"], service.Object("spec").List("ipFamilies")!.Select(f => f!.GetValue<string>()));
        Assert.Equal("None", service.Object("spec")!.Text("clusterIP"));
    }
}
