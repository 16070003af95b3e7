using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.CustomResources;

public sealed class ServingTests
{
    private const string AnySchema = """{"type":"object","x-kubernetes-preserve-unknown-fields":true}""";
    private const string Widgets = DefinedServer.Widgets;

    [Fact]
    public async Task An_established_definition_is_served_like_any_other_resource()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(AnySchema);
        var (code, made) = await server.CreateAsync("a", "\"spec\":{\"x\":0,\"none\":null,\"empty\":{}}");
        Assert.Equal(201, code);
        Assert.Equal(1, made["metadata"]!["generation"]!.GetValue<int>());
        Assert.Equal("{\"empty\":{},\"none\":null,\"x\":0}", made["spec"]!.ToJsonString());

        var (_, read, _) = await server.SendAsync("GET", Widgets + "/a");
        Assert.True(JsonNode.DeepEquals(made, read));
        var (_, list, _) = await server.SendAsync("GET", Widgets);
        Assert.Equal("WidgetList", list!["kind"]!.GetValue<string>());
        Assert.Equal("", list["metadata"]!["continue"]!.GetValue<string>());
        Assert.Equal("Widget", list["items"]![0]!["kind"]!.GetValue<string>());

        Assert.Equal((200, 2), await GenerationAsync(server, """{"spec":{"x":1}}"""));
        Assert.Equal((200, 2), await GenerationAsync(server, """{"metadata":{"labels":{"a":"b"}}}"""));
        Assert.Equal(200, (await server.SendAsync("DELETE", Widgets + "/a")).Code);
        Assert.Equal(404, (await server.SendAsync("GET", Widgets + "/a")).Code);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task What_is_as_deep_as_may_be_is_served_in_every_form()
    {
        // The schema is as deep as it may be, and so are the objects; the account of who owns what is deeper.
        var schema = """{"type":"object","x-kubernetes-preserve-unknown-fields":true}""";
        for (var i = 0; i < 450; i++)
            schema = $$$"""{"type":"object","properties":{"a":{{{schema}}}}}""";
        await using var server = await DefinedServer.WithWidgetsAsync(
            $$$"""{"type":"object","properties":{"spec":{{{schema}}}}}""",
            ",\"additionalPrinterColumns\":[{\"name\":\"Spec\",\"type\":\"string\",\"jsonPath\":\".spec\"}]");
        var spec = string.Concat(Enumerable.Repeat("{\"a\":", 900)) + "1" + new string('}', 900);
        Assert.Equal(201, (await server.CreateAsync("a", $"\"spec\":{spec}")).Code);
        Assert.Equal(409, (await server.CreateAsync("a", $"\"spec\":{spec}")).Code);
        var (code, patched, _) = await server.SendAsync("PATCH", Widgets + "/a", """{"metadata":{"labels":{"a":"b"}}}""", "application/merge-patch+json");
        Assert.True(code == 200, patched?.ToString());
        foreach (var form in new[] { "application/json", "application/yaml", "application/json;as=Table;g=meta.k8s.io;v=v1", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1" })
            Assert.Equal((form, 200), (form, (await server.SendAsync("GET", Widgets + "/a", accept: form)).Code));
        var (gone, answer, _) = await server.SendAsync("DELETE", Widgets + "/a");
        Assert.True(gone == 200, string.Join("\n", server.Faults.Errors) + answer);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Discovery_names_what_is_established_and_nothing_else()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(AnySchema, ",\"subresources\":{\"status\":{}}");
        var (_, resources, _) = await server.SendAsync("GET", "/apis/example.com/v1");
        Assert.Equal(["widgets", "widgets/status"], resources!["resources"]!.AsArray().Select(r => r!["name"]!.GetValue<string>()));
        Assert.Contains("example.com", (await server.SendAsync("GET", "/apis")).Body!.ToJsonString());
        await server.UndefineAsync();
        Assert.DoesNotContain("example.com", (await server.SendAsync("GET", "/apis")).Body!.ToJsonString());
        Assert.Equal("404 page not found\n", (await server.SendAsync("GET", Widgets)).Body!.GetValue<string>());
    }

    [Fact]
    public async Task Watchers_of_a_definition_that_goes_are_let_go()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(AnySchema);
        using var response = await server.Client.GetAsync(new Uri(Widgets + "?watch=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await server.CreateAsync("a", "\"spec\":{}");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Contains("\"ADDED\"", await reader.ReadLineAsync());
        await server.SendAsync("DELETE", DefinedServer.Definitions + "/widgets.example.com");
        Assert.Contains("\"DELETED\"", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Null(await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_terminating_definition_lets_nothing_new_in()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(AnySchema);
        await server.SendAsync(
            "POST", Widgets, """{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a","finalizers":["example.com/stay"]},"spec":{}}""");
        await server.SendAsync("DELETE", DefinedServer.Definitions + "/widgets.example.com");
        await server.UntilAsync(async () =>
            !(await server.SendAsync("GET", "/apis/example.com/v1")).Body!["resources"]![0]!["verbs"]!.ToJsonString().Contains("create", StringComparison.Ordinal));
        var (code, refused) = await server.CreateAsync("b", "\"spec\":{}");
        Assert.Equal(403, code);
        Assert.Equal("widgets.example.com \"b\" is forbidden: create not allowed while custom resource definition is terminating", refused.Message());
        Assert.Equal(200, (await server.MergeAsync("a", """{"metadata":{"finalizers":null}}""")).Code);
        await server.UndefineAsync();
        Assert.Equal(404, (await server.SendAsync("GET", DefinedServer.Definitions + "/widgets.example.com")).Code);
    }

    [Fact]
    public async Task A_status_endpoint_writes_status_and_nothing_else_does()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(AnySchema, ",\"subresources\":{\"status\":{}}");
        var (_, made) = await server.CreateAsync("a", "\"spec\":{\"x\":1},\"status\":{\"y\":1}");
        Assert.Null(made["status"]);
        var (code, body, _) = await server.SendAsync(
            "PATCH", Widgets + "/a/status", """{"metadata":{"labels":{"l":"l"}},"spec":{"x":2},"status":{"y":2}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        Assert.Equal(("{\"x\":1}", "{\"y\":2}"), (body!["spec"]!.ToJsonString(), body["status"]!.ToJsonString()));
        Assert.Null(body["metadata"]!["labels"]);
        Assert.Equal(1, body["metadata"]!["generation"]!.GetValue<int>());
        Assert.Equal("{\"y\":2}", (await server.MergeAsync("a", """{"status":{"y":3}}""")).Body["status"]!.ToJsonString());
    }

    [Fact]
    public async Task Versions_that_differ_in_name_alone_show_the_same_object()
    {
        await using var server = await DefinedServer.StartAsync();
        await server.DefineAsync("""
            [{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}}}}}}},
             {"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"integer"},"c":{"type":"integer","default":7}}}}}}}]
            """);
        await server.CreateAsync("a", "\"spec\":{\"a\":1,\"b\":2}");
        const string Newer = DefinedServer.Group + "v2/namespaces/ns/widgets/a";
        var (_, shown, _) = await server.SendAsync("GET", Newer);
        Assert.Equal("example.com/v2", shown!["apiVersion"]!.GetValue<string>());
        Assert.Equal("{\"a\":1,\"c\":7}", shown["spec"]!.ToJsonString());
        var (code, changed, _) = await server.SendAsync("PATCH", Newer, """{"spec":{"a":3}}""", "application/merge-patch+json");
        Assert.Equal((200, "{\"a\":3,\"c\":7}"), (code, changed!["spec"]!.ToJsonString()));
        Assert.Equal("{\"a\":3}", (await server.SendAsync("GET", Widgets + "/a")).Body!["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task A_strategic_merge_patch_is_not_known()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(AnySchema);
        await server.CreateAsync("a", "\"spec\":{}");
        var (code, body, _) = await server.SendAsync("PATCH", Widgets + "/a", "{}", "application/strategic-merge-patch+json");
        Assert.Equal(415, code);
        Assert.EndsWith("application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml", body!.Message());
    }

    [Fact]
    public async Task Fields_belong_to_whoever_applies_them()
    {
        await using var server = await DefinedServer.WithWidgetsAsync("""
            {"type":"object","properties":{"spec":{"type":"object","properties":{
              "list":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","required":["k"],"properties":{"k":{"type":"string"},"v":{"type":"integer"}}}},
              "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}}
            """);
        async Task<(int, JsonNode)> ApplyAsync(string manager, string spec)
        {
            var (code, body, _) = await server.SendAsync(
                "PATCH", $"{Widgets}/a?fieldManager={manager}",
                $$$"""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"},"spec":{{{spec}}}}""", "application/apply-patch+yaml");
            return (code, body!);
        }

        Assert.Equal(201, (await ApplyAsync("one", """{"list":[{"k":"a","v":1}],"free":{"x":{"y":1}}}""")).Item1);
        var (code, merged) = await ApplyAsync("two", """{"list":[{"k":"b","v":2}],"free":{"z":1}}""");
        Assert.Equal(200, code);
        Assert.Equal("""{"free":{"x":{"y":1},"z":1},"list":[{"k":"a","v":1},{"k":"b","v":2}]}""", merged["spec"]!.ToJsonString());
        (code, var conflict) = await ApplyAsync("two", """{"list":[{"k":"a","v":3}],"free":{"x":{"y":2}}}""");
        Assert.Equal(409, code);
        Assert.Contains(".spec.list[k=\"a\"].v", conflict.Message());
        Assert.Contains(".spec.free.x.y", conflict.Message());
        (code, var gone) = await ApplyAsync("one", "{}");
        Assert.Equal((200, """{"free":{"z":1},"list":[{"k":"b","v":2}]}"""), (code, gone["spec"]!.ToJsonString()));
    }

    [Fact]
    public async Task OpenApi_publishes_what_the_definition_says()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(
            """{"type":"object","properties":{"spec":{"type":"object","description":"what is wanted"}}}""", ",\"subresources\":{\"status\":{}}");
        var (code, document, _) = await server.SendAsync("GET", "/openapi/v3/apis/example.com/v1");
        Assert.Equal(200, code);
        var schemas = document!["components"]!["schemas"]!.AsObject();
        var widget = schemas["com.example.v1.Widget"]!;
        Assert.Equal("what is wanted", widget["properties"]!["spec"]!["description"]!.GetValue<string>());
        Assert.Equal("""[{"group":"example.com","kind":"Widget","version":"v1"}]""", widget["x-kubernetes-group-version-kind"]!.ToJsonString());
        // Nothing is referred to that is not there.
        var text = document.ToJsonString();
        foreach (System.Text.RegularExpressions.Match reference in System.Text.RegularExpressions.Regex.Matches(
            text, "#/components/schemas/(?<name>[^\"]+)", System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.ExplicitCapture))
        {
            Assert.True(schemas.ContainsKey(reference.Groups["name"].Value), reference.Value);
        }
        Assert.DoesNotContain("example.com", (await server.SendAsync("GET", "/openapi/v2", accept: "application/json")).Body!["paths"]!.ToJsonString());
    }

    private static async Task<(int, int)> GenerationAsync(TestServer server, string patch)
    {
        var (code, body) = await server.MergeAsync("a", patch);
        return (code, body["metadata"]!["generation"]!.GetValue<int>());
    }
}
