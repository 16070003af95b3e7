namespace Pilothouse.Server.Tests.CustomResources;

public sealed class DecodingTests
{
    private const string Schema = """
        {"type":"object","properties":{"spec":{"type":"object","default":{},"properties":{
          "a":{"type":"string","default":"x"},"n":{"type":"integer","nullable":true,"default":5},
          "plain":{"type":"string"},
          "l":{"type":"array","items":{"type":"object","properties":{"d":{"type":"boolean","default":true}}}},
          "m":{"type":"object","additionalProperties":{"type":"object","properties":{"d":{"type":"string","default":"z"}}}},
          "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"known":{"type":"object","properties":{"k":{"type":"integer"}}}}},
          "whole":{"type":"object","x-kubernetes-embedded-resource":true,"properties":{"spec":{"type":"object","properties":{"s":{"type":"integer"}}}}}}}}}
        """;

    [Theory]
    [InlineData("""{}""", """{"a":"x","n":5}""")]
    [InlineData("""{"a":null,"n":null,"plain":null}""", """{"a":"x","n":null}""")]
    [InlineData("""{"l":[{},{"d":false}],"m":{"k":{}}}""", """{"a":"x","l":[{"d":true},{"d":false}],"m":{"k":{"d":"z"}},"n":5}""")]
    [InlineData("""{"b":1,"l":[{"q":1}],"m":{"k":{"r":1}}}""", """{"a":"x","l":[{"d":true}],"m":{"k":{"d":"z"}},"n":5}""")]
    [InlineData("""{"free":{"any":{"x":[1,null]},"known":{"k":1,"gone":2}}}""", """{"a":"x","free":{"any":{"x":[1,null]},"known":{"k":1}},"n":5}""")]
    [InlineData("""{"whole":{"apiVersion":"v1","kind":"K","metadata":{"name":"n","bad":1},"spec":{"s":1,"t":2},"other":1}}""",
        """{"a":"x","n":5,"whole":{"apiVersion":"v1","kind":"K","metadata":{"name":"n"},"spec":{"s":1}}}""")]
    [InlineData("""{"n":1e2,"free":{"f":1.0,"g":0.50,"h":1e21}}""", """{"a":"x","free":{"f":1,"g":0.5,"h":1e+21},"n":100}""")]
    public async Task Objects_are_pruned_and_defaulted(string sent, string kept)
    {
        await using var server = await DefinedServer.WithWidgetsAsync(Schema);
        var (code, body) = await server.CreateAsync("a", $"\"spec\":{sent}");
        Assert.True(code == 201, body.ToJsonString());
        Assert.Equal(kept, body["spec"]!.ToJsonString());
        server.AssertNoFaults();
    }

    [Fact]
    public async Task What_is_pruned_is_told_when_asked()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(Schema);
        const string Bad = "\"z\":1,\"spec\":{\"b\":1,\"a\":\"p\",\"a\":\"q\",\"l\":[{\"c\":1}]}";
        var (code, body) = await server.CreateAsync("a", Bad, "?fieldValidation=Strict");
        Assert.Equal(400, code);
        Assert.Equal(
            "Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: duplicate field \"spec.a\", "
            + "unknown field \"spec.b\", unknown field \"spec.l[0].c\", unknown field \"z\"",
            body.Message());
        var (_, _, headers) = await server.SendAsync(
            "POST", DefinedServer.Widgets, $$$"""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"},{{{Bad}}}}""");
        Assert.Contains("299 - \"unknown field \\\"spec.l[0].c\\\"\"", string.Join("\n", headers.GetValues("Warning")));
        Assert.False((await server.SendAsync(
            "POST", DefinedServer.Widgets + "?fieldValidation=Ignore",
            $$$"""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"b"},{{{Bad}}}}""")).Headers.Contains("Warning"));
    }

    [Theory]
    [InlineData("""{"apiVersion":"example.com/v1","metadata":{"name":"a"}}""", 400, "Object 'Kind' is missing in")]
    [InlineData("""{"apiVersion":"example.com/v2","kind":"Widget","metadata":{"name":"a"}}""", 400,
        "the API version in the data (example.com/v2) does not match the expected API version (example.com/v1)")]
    [InlineData("""{"apiVersion":"example.com/v1","kind":"Other","metadata":{"name":"a"}}""", 422, "kind: Invalid value: \"Other\": must be Widget")]
    [InlineData("""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"labels":{"a":5}}}""", 400,
        "json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string")]
    [InlineData("""{"apiVersion":"example.com/v1","kind":"Widget","metadata":5}""", 400, "json: cannot unmarshal number into Go value of type v1.ObjectMeta")]
    public async Task Bodies_that_are_no_such_object_are_refused(string body, int expected, string message)
    {
        await using var server = await DefinedServer.WithWidgetsAsync(Schema);
        var (code, answer, _) = await server.SendAsync("POST", DefinedServer.Widgets, body);
        Assert.Equal(expected, code);
        Assert.Contains(message, answer!.Message());
    }

    [Fact]
    public async Task A_changed_schema_shows_at_once_what_is_stored()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(Schema);
        await server.CreateAsync("a", "\"spec\":{\"plain\":\"p\"}");
        await server.DefineAsync("""
            [{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{
              "a":{"type":"string"},"late":{"type":"string","default":"later"}}}}}}}]
            """);
        Assert.Equal("""{"a":"x","late":"later"}""", (await server.SendAsync("GET", DefinedServer.Widgets + "/a")).Body!["spec"]!.ToJsonString());
        await server.DefineAsync($$$"""[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{{{Schema}}}}}]""");
        Assert.Equal("""{"a":"x","n":5,"plain":"p"}""", (await server.SendAsync("GET", DefinedServer.Widgets + "/a")).Body!["spec"]!.ToJsonString());
    }
}
