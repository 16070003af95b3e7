namespace Pilothouse.Server.Tests.Registry;

public class ComponentStatusTests
{
    [Fact]
    public async Task The_store_is_a_healthy_component_and_others_are_not_found()
    {
        await using var server = await TestServer.StartAsync();

        var (code, list, _) = await server.SendAsync("GET", "/api/v1/componentstatuses");
        Assert.Equal(200, code);
        Assert.Equal("ComponentStatusList", (string?)list!["kind"]);
        Assert.Equal("etcd-0", (string?)list["items"]![0]!["metadata"]!["name"]);

        (code, var one, _) = await server.SendAsync("GET", "/api/v1/componentstatuses/etcd-0");
        Assert.Equal(200, code);
        Assert.Equal("Healthy", (string?)one!["conditions"]![0]!["type"]);

        (code, _, _) = await server.SendAsync("GET", "/api/v1/componentstatuses/zz");
        Assert.Equal(404, code);
        server.AssertNoFaults();
    }
}
