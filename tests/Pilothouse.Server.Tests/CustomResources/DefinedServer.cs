using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Objects;
using Pilothouse.Server.CustomResources;
using Pilothouse.Server.CustomResources.Definitions;

namespace Pilothouse.Server.Tests.CustomResources;

/// <summary>A server that serves custom resources. </summary>
internal static class DefinedServer
{
    public const string Group = "/apis/example.com/";
    public const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    public const string Widgets = Group + "v1/namespaces/ns/widgets";

    public static Task<TestServer> StartAsync() => TestServer.StartAsync(parts => parts with
    {
        Background =
        [
            new DefinitionControllers(
                parts.Resources.BuiltIn, parts.Store, parts.Caches, parts.Time, parts.Logging.CreateLogger<DefinitionControllers>()).RunAsync,
            new CustomResourceServing(parts.Resources, parts.Caches, parts.Time, parts.Logging.CreateLogger<CustomResourceServing>()).RunAsync,
        ],
    });

    /// <summary>A server with a definition of widgets in one version.</summary>
    /// <param name="schema">What it says of the whole object.</param>
    /// <param name="more">Further members of the version, with a comma before.</param>
    public static async Task<TestServer> WithWidgetsAsync(string schema, string more = "")
    {
        var server = await StartAsync();
        await server.DefineAsync($$$"""[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{{{schema}}}}{{{more}}}}]""");
        return server;
    }

    /// <summary>Makes a definition of widgets, or replaces its versions, and waits until they are served.</summary>
    public static async Task DefineAsync(this TestServer server, string versions, string more = "")
    {
        // A category tells in discovery which state of the definition is served.
        var mark = "m" + Guid.NewGuid().ToString("N")[..8];
        var definition = JsonNodes.Parse($$$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.example.com"},
             "spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget","categories":["{{{mark}}}"]},
                     "versions":{{{versions}}}{{{more}}}}}
            """)!.AsObject();
        var (code, body, _) = await server.SendAsync("POST", Definitions, definition.ToJsonString());
        if (code == 409)
        {
            (code, body, _) = await server.SendAsync(
                "PATCH", Definitions + "/widgets.example.com", new JsonObject { ["spec"] = definition["spec"]!.DeepClone() }.ToJsonString(),
                "application/merge-patch+json");
        }
        Assert.True(code is 200 or 201, body?.ToJsonString());
        await server.UntilAsync(async () =>
            (await server.SendAsync("GET", "/apis", accept: "application/json;as=APIGroupDiscoveryList;g=apidiscovery.k8s.io;v=v2"))
                .Body!.ToJsonString().Contains(mark, StringComparison.Ordinal));
    }

    /// <summary>Deletes the definition, and waits until it is no longer served.</summary>
    public static async Task UndefineAsync(this TestServer server)
    {
        await server.SendAsync("DELETE", Definitions + "/widgets.example.com");
        await server.UntilAsync(async () => (await server.SendAsync("GET", Group + "v1")).Code == 404);
    }

    /// <summary>Asks until something is so.</summary>
    public static async Task UntilAsync(this TestServer server, Func<Task<bool>> holds)
    {
        _ = server;
        for (var i = 0; i < 500; i++)
        {
            if (await holds())
                return;
            await Task.Delay(10);
        }
        Assert.Fail("It never came to be.");
    }

    /// <summary>Creates a widget; its answer.</summary>
    public static async Task<(int Code, JsonNode Body)> CreateAsync(this TestServer server, string name, string members, string query = "")
    {
        var (code, body, _) = await server.SendAsync(
            "POST", Widgets + query, $$$"""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"{{{name}}}"},{{{members}}}}""");
        return (code, body!);
    }

    public static async Task<(int Code, JsonNode Body)> MergeAsync(this TestServer server, string name, string patch)
    {
        var (code, body, _) = await server.SendAsync("PATCH", $"{Widgets}/{name}", patch, "application/merge-patch+json");
        return (code, body!);
    }

    public static string Message(this JsonNode body) => body["message"]!.GetValue<string>();
}
