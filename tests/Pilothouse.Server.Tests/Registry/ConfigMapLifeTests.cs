using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Registry;

public class ConfigMapLifeTests
{
    private const string Collection = "/api/v1/namespaces/x/configmaps";

    [Fact]
    public async Task An_object_is_created_read_listed_updated_patched_and_deleted()
    {
        await using var server = await TestServer.StartAsync();

        var (code, made, _) = await server.SendAsync("POST", Collection, """{"metadata":{"name":"a"},"data":{"k":"1"}}""");
        Assert.Equal(201, code);
        Assert.Equal("ConfigMap", (string?)made!["kind"]);
        Assert.Equal("x", (string?)made["metadata"]!["namespace"]);
        var version = (string)made["metadata"]!["resourceVersion"]!;

        (code, var again, _) = await server.SendAsync("POST", Collection, """{"metadata":{"name":"a"}}""");
        Assert.Equal(409, code);
        Assert.Equal("configmaps \"a\" already exists", (string?)again!["message"]);

        (code, var read, _) = await server.SendAsync("GET", $"{Collection}/a");
        Assert.Equal(200, code);
        Assert.Equal(made.ToJsonString(), read!.ToJsonString());

        (code, var list, _) = await server.SendAsync("GET", Collection);
        Assert.Equal(200, code);
        Assert.Single((JsonArray)list!["items"]!);

        (code, var updated, _) = await server.SendAsync(
            "PUT", $"{Collection}/a", $$$"""{"metadata":{"name":"a","resourceVersion":"{{{version}}}"},"data":{"k":"2"}}""");
        Assert.Equal(200, code);
        Assert.NotEqual(version, (string)updated!["metadata"]!["resourceVersion"]!);

        (code, var conflict, _) = await server.SendAsync(
            "PUT", $"{Collection}/a", $$$"""{"metadata":{"name":"a","resourceVersion":"{{{version}}}"},"data":{"k":"3"}}""");
        Assert.Equal(409, code);
        Assert.StartsWith("Operation cannot be fulfilled on configmaps \"a\": the object has been modified", (string?)conflict!["message"]);

        (code, var patched, _) = await server.SendAsync(
            "PATCH", $"{Collection}/a", """{"data":{"more":"yes"}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        Assert.Equal("""{"k":"2","more":"yes"}""", patched!["data"]!.ToJsonString());

        (code, var same, _) = await server.SendAsync(
            "PATCH", $"{Collection}/a", """{"data":{"more":"yes"}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        Assert.Equal((string)patched["metadata"]!["resourceVersion"]!, (string)same!["metadata"]!["resourceVersion"]!);

        (code, var deleted, _) = await server.SendAsync("DELETE", $"{Collection}/a");
        Assert.Equal(200, code);
        Assert.Equal("Success", (string?)deleted!["status"]);

        (code, _, _) = await server.SendAsync("GET", $"{Collection}/a");
        Assert.Equal(404, code);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task A_watch_shows_what_happens()
    {
        await using var server = await TestServer.StartAsync();
        await using var stream = await server.Client.GetStreamAsync($"{Collection}?watch=true");
        using var lines = new StreamReader(stream);
        await server.SendAsync("POST", Collection, """{"metadata":{"name":"a"},"data":{"k":"1"}}""");
        await server.SendAsync("PATCH", $"{Collection}/a", """{"data":{"k":"2"}}""", "application/merge-patch+json");
        await server.SendAsync("DELETE", $"{Collection}/a");
        var types = new List<string?>();
        for (var i = 0; i < 3; i++)
            types.Add((string?)JsonNode.Parse((await lines.ReadLineAsync())!)!["type"]);
        Assert.Equal(["ADDED", "MODIFIED", "DELETED"], types);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Who_may_not_is_told_what_they_may_not()
    {
        await using var server = await TestServer.StartAsync();
        var (code, body, _) = await server.SendAsync("GET", Collection, user: "alice");
        Assert.Equal(403, code);
        Assert.Equal(
            "configmaps is forbidden: User \"alice\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"x\"",
            (string?)body!["message"]);
    }

    [Fact]
    public async Task An_error_of_the_whole_object_is_at_a_path_without_a_name()
    {
        await using var server = await TestServer.StartAsync();
        var (code, status, _) = await server.SendAsync(
            "POST", "/api/v1/namespaces/default/configmaps", $$$"""{"metadata":{"name":"big"},"data":{"a":"{{{new string('x', 1024 * 1024 + 1)}}}"}}""");
        Assert.Equal((422, "ConfigMap \"big\" is invalid: []: Too long: may not be more than 1048576 bytes"), (code, (string?)status!["message"]));
    }
}
