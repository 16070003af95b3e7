using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Services;
using Pilothouse.Server.Tests.Watching;

namespace Pilothouse.Server.Tests.Services;

/// <summary>What a server leaves behind that dies between taking an address or a port and writing the service.</summary>
public sealed class ServiceReservationTests
{
    private static readonly ResourceCatalog Catalog = BuiltInCatalog.Load();

    private static JsonObject Service(string name) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "n" },
        ["spec"] = new JsonObject
        {
            ["type"] = "NodePort",
            ["ports"] = new JsonArray(new JsonObject { ["port"] = 80L, ["protocol"] = "TCP" }),
        },
    };

    private static ServiceAllocator Allocator(CacheFixture fixture) =>
        new(Catalog, fixture.Store, fixture.Caches, [IPNetwork.Parse("10.0.0.0/29")], (30000, 2), fixture.Time);

    private static ServiceReservations Repair(CacheFixture fixture) => new(
        new(Catalog, fixture.Store, fixture.Caches, [IPNetwork.Parse("10.0.0.0/29")], fixture.Time), new(fixture.Store, 30000, 2),
        fixture.Caches, fixture.Time, NullLogger.Instance);

    private static async Task<JsonObject> ReserveAsync(CacheFixture fixture, string name)
    {
        var service = Service(name);
        var reservation = (await Allocator(fixture).ReserveAsync(service, null, dryRun: false, CancellationToken.None)).Value!;
        await reservation.KeepAsync(CancellationToken.None);
        await fixture.SettleAsync();
        return service;
    }

    private static async Task WriteAsync(CacheFixture fixture, JsonObject service)
    {
        service["kind"] = "Service";
        service["apiVersion"] = "v1";
        await fixture.PutAsync($"/services/specs/n/{service["metadata"]!["name"]}", Encoding.UTF8.GetBytes(service.ToJsonString()));
        await fixture.SettleAsync();
    }

    private static async Task<bool> HasAddressAsync(CacheFixture fixture, JsonObject service)
    {
        await fixture.SettleAsync();
        return fixture.Caches.Find(new("networking.k8s.io", "ipaddresses"), "", service.Object("spec")!.Text("clusterIP")!) is not null;
    }

    [Fact]
    public async Task What_no_service_has_is_given_back_after_a_while()
    {
        await using var fixture = new CacheFixture();
        await fixture.SettleAsync();
        var orphan = await ReserveAsync(fixture, "orphan");
        var repair = Repair(fixture);

        // Just reserved: its service may be on its way.
        await repair.RepairAsync(CancellationToken.None);
        Assert.True(await HasAddressAsync(fixture, orphan));

        fixture.Time.Advance(TimeSpan.FromMinutes(3));
        await repair.RepairAsync(CancellationToken.None);
        Assert.False(await HasAddressAsync(fixture, orphan));
        var ports = new NodePorts(fixture.Store, 30000, 2);
        Assert.Single(await ports.TakenAsync(CancellationToken.None));

        fixture.Time.Advance(TimeSpan.FromMinutes(3));
        await repair.RepairAsync(CancellationToken.None);
        Assert.Empty(await ports.TakenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_services_have_stays_and_is_reserved_again_when_it_is_not()
    {
        await using var fixture = new CacheFixture();
        await fixture.SettleAsync();
        var service = await ReserveAsync(fixture, "s");
        await WriteAsync(fixture, service);
        var repair = Repair(fixture);
        for (var round = 0; round < 5; round++)
        {
            fixture.Time.Advance(TimeSpan.FromMinutes(3));
            await repair.RepairAsync(CancellationToken.None);
        }
        Assert.True(await HasAddressAsync(fixture, service));
        var ports = new NodePorts(fixture.Store, 30000, 2);
        Assert.Single(await ports.TakenAsync(CancellationToken.None));

        await Allocator(fixture).ReleaseAsync(service, CancellationToken.None);
        Assert.False(await HasAddressAsync(fixture, service));
        await repair.RepairAsync(CancellationToken.None);
        Assert.True(await HasAddressAsync(fixture, service));
        Assert.Single(await ports.TakenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_further_range_gives_addresses_when_the_first_is_full()
    {
        await using var fixture = new CacheFixture();
        await fixture.SettleAsync();
        await fixture.PutAsync(
            "/servicecidrs/more",
            """{"kind":"ServiceCIDR","apiVersion":"networking.k8s.io/v1","metadata":{"name":"more"},"spec":{"cidrs":["10.1.0.0/28"]}}"""u8.ToArray());
        await fixture.SettleAsync();
        var allocator = new ServiceAllocator(Catalog, fixture.Store, fixture.Caches, [IPNetwork.Parse("10.0.0.0/30")], (30000, 100), fixture.Time);
        var seen = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var service = Service($"s{i}");
            var reservation = (await allocator.ReserveAsync(service, null, dryRun: false, CancellationToken.None)).Value!;
            await reservation.KeepAsync(CancellationToken.None);
            seen.Add(service.Object("spec")!.Text("clusterIP")!);
        }
        Assert.Equal(2, seen.Count(a => a.StartsWith("10.0.0.", StringComparison.Ordinal)));
        Assert.Equal(4, seen.Count(a => a.StartsWith("10.1.0.", StringComparison.Ordinal)));
    }
}
