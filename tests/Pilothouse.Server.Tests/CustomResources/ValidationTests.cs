namespace Pilothouse.Server.Tests.CustomResources;

public sealed class ValidationTests
{
    private const string Schema = """
        {"type":"object","properties":{"spec":{"type":"object","properties":{
          "s":{"type":"string","minLength":2,"maxLength":4,"pattern":"^[a-z]+$"},
          "i":{"type":"integer","minimum":1,"maximum":9,"multipleOf":2},"i32":{"type":"integer","format":"int32"},
          "n":{"type":"number","exclusiveMinimum":true,"minimum":0},
          "e":{"type":"string","enum":["x","y"]},
          "l":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"string"}},
          "m":{"type":"object","maxProperties":1,"additionalProperties":{"type":"integer"}},
          "o":{"type":"object","required":["r"],"properties":{"r":{"type":"string"}}},
          "ios":{"x-kubernetes-int-or-string":true},
          "date":{"type":"string","format":"date-time"},"uuid":{"type":"string","format":"uuid"},
          "set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
          "map":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","required":["k"],"properties":{"k":{"type":"string"}}}},
          "any":{"type":"object","anyOf":[{"required":["a"]},{"required":["b"]}],"properties":{"a":{"type":"string"},"b":{"type":"string"}}},
          "no":{"type":"string","not":{"enum":["z"]}},
          "whole":{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}}}}}
        """;

    [Theory]
    [InlineData("""{"s":"a"}""", "spec.s: Invalid value: \"a\": spec.s in body should be at least 2 chars long")]
    [InlineData("""{"s":"abcde"}""", "spec.s: Too long: may not be more than 4 bytes")]
    [InlineData("""{"s":"AB"}""", "spec.s: Invalid value: \"AB\": spec.s in body should match '^[a-z]+$'")]
    [InlineData("""{"s":5}""", "spec.s: Invalid value: \"integer\": spec.s in body must be of type string: \"integer\"")]
    [InlineData("""{"i":10}""", "spec.i: Invalid value: 10: spec.i in body should be less than or equal to 9")]
    [InlineData("""{"i":3}""", "spec.i: Invalid value: 3: spec.i in body should be a multiple of 2")]
    [InlineData("""{"i32":3000000000}""", "<nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in spec.i32")]
    [InlineData("""{"n":0}""", "spec.n: Invalid value: 0: spec.n in body should be greater than 0")]
    [InlineData("""{"e":"z"}""", "spec.e: Unsupported value: \"z\": supported values: \"x\", \"y\"")]
    [InlineData("""{"l":[]}""", "spec.l: Invalid value: 0: spec.l in body should have at least 1 items")]
    [InlineData("""{"l":["a","b","c"]}""", "spec.l: Too many: 3: must have at most 2 items")]
    [InlineData("""{"m":{"a":"b"}}""", "spec.m.a: Invalid value: \"string\": spec.m.a in body must be of type integer: \"string\"")]
    [InlineData("""{"o":{}}""", "spec.o.r: Required value")]
    [InlineData("""{"l":[null]}""", "spec.l[0]: Invalid value: \"null\": spec.l[0] in body must be of type string: \"null\"")]
    [InlineData("""{"ios":1.5}""", "spec.ios: Invalid value: \"number\": spec.ios in body must be of type integer,string: \"number\"")]
    [InlineData("""{"date":"today"}""", "spec.date: Invalid value: \"today\": spec.date in body must be of type date-time: \"today\"")]
    [InlineData("""{"uuid":"x"}""", "spec.uuid: Invalid value: \"x\": spec.uuid in body must be of type uuid: \"x\"")]
    [InlineData("""{"set":["a","b","a"]}""", "spec.set[2]: Duplicate value: \"a\"")]
    [InlineData("""{"map":[{"k":"a"},{"k":"a"}]}""", "spec.map[1]: Duplicate value: {\"k\":\"a\"}")]
    [InlineData("""{"no":"z"}""", "<nil>: Invalid value: \"\": \"spec.no\" must not validate the schema (not)")]
    [InlineData("""{"whole":{"kind":"K"}}""", "spec.whole.apiVersion: Required value")]
    public async Task What_the_schema_forbids_is_refused(string spec, string message)
    {
        await using var server = await DefinedServer.WithWidgetsAsync(Schema);
        var (code, body) = await server.CreateAsync("a", $"\"spec\":{spec}");
        Assert.Equal(422, code);
        Assert.Equal($"Widget.example.com \"a\" is invalid: {message}", body.Message());
    }

    [Fact]
    public async Task Of_alternatives_the_one_that_fits_best_is_told()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(Schema);
        var (_, body) = await server.CreateAsync("a", "\"spec\":{\"any\":{}}");
        Assert.Equal(
            "Widget.example.com \"a\" is invalid: [<nil>: Invalid value: \"\": \"spec.any\" must validate at least one schema (anyOf), spec.any.a: Required value]",
            body.Message());
    }

    [Fact]
    public async Task What_was_wrong_before_may_stay_until_it_is_changed()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(
            """{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}}}""");
        await server.CreateAsync("a", "\"spec\":{\"a\":\"long text\"}");
        await server.DefineAsync(
            """[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string","maxLength":3},"b":{"type":"string"}}}}}}}]""");
        Assert.Equal(200, (await server.MergeAsync("a", """{"spec":{"b":"new"}}""")).Code);
        Assert.Equal(422, (await server.MergeAsync("a", """{"spec":{"a":"also long"}}""")).Code);
    }

    [Fact]
    public async Task Rules_are_asked_with_the_old_value_where_there_is_one()
    {
        await using var server = await DefinedServer.WithWidgetsAsync("""
            {"type":"object","properties":{"spec":{"type":"object",
              "x-kubernetes-validations":[{"rule":"!has(self.min) || !has(self.max) || self.min <= self.max","message":"min over max","fieldPath":".min"}],
              "properties":{"min":{"type":"integer"},"max":{"type":"integer"},
                "fixed":{"type":"string","maxLength":9,"x-kubernetes-validations":[{"rule":"self == oldSelf","messageExpression":"'not ' + self"}]},
                "list":{"type":"array","maxItems":5,"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","required":["k"],"properties":{
                  "k":{"type":"string","maxLength":5},"v":{"type":"integer","x-kubernetes-validations":[{"rule":"self >= oldSelf","reason":"FieldValueForbidden","message":"shrank"}]}}}}}}}}
            """);
        var (code, body) = await server.CreateAsync("a", "\"spec\":{\"min\":3,\"max\":2}");
        Assert.Equal((422, "Widget.example.com \"a\" is invalid: spec.min: Invalid value: min over max"), (code, body.Message()));
        Assert.Equal(201, (await server.CreateAsync("a", "\"spec\":{\"fixed\":\"x\",\"list\":[{\"k\":\"a\",\"v\":3}]}")).Code);
        Assert.Equal("Widget.example.com \"a\" is invalid: spec.fixed: Invalid value: \"y\": not y", (await server.MergeAsync("a", """{"spec":{"fixed":"y"}}""")).Body.Message());
        Assert.Equal(
            "Widget.example.com \"a\" is invalid: spec.list[1].v: Forbidden: shrank",
            (await server.MergeAsync("a", """{"spec":{"list":[{"k":"b","v":1},{"k":"a","v":2}]}}""")).Body.Message());
        Assert.Equal(200, (await server.MergeAsync("a", """{"spec":{"fixed":null}}""")).Code);
        (code, body) = await server.CreateAsync("b", "\"spec\":{\"min\":\"x\"}");
        Assert.Contains("some validation rules were not checked because the object was invalid", body.Message());
    }

    [Fact]
    public async Task Rules_end_when_they_have_cost_too_much()
    {
        await using var server = await DefinedServer.WithWidgetsAsync("""
            {"type":"object","properties":{"spec":{"type":"object","properties":{"l":{"type":"array","maxItems":700,"items":{"type":"integer"},
              "x-kubernetes-validations":[{"rule":"self.all(a, self.all(b, a + b >= 0))"}]}}}}}
            """);
        static string Numbers(int count) => $"\"spec\":{{\"l\":[{string.Join(',', Enumerable.Range(0, count))}]}}";
        Assert.Equal(201, (await server.CreateAsync("a", Numbers(100))).Code);
        var (code, body) = await server.CreateAsync("b", Numbers(700));
        Assert.Equal(422, code);
        Assert.Contains("no further validation rules will be run due to call cost exceeds limit for rule: self.all(a, self.all(b, a + b >= 0))", body.Message());
    }

    [Fact]
    public async Task A_scale_is_read_from_and_written_to_where_the_definition_says()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(
            """{"type":"object","properties":{"spec":{"type":"object","properties":{"deep":{"type":"object","properties":{"count":{"type":"integer"}}}}}}}""",
            ",\"subresources\":{\"scale\":{\"specReplicasPath\":\".spec.deep.count\",\"statusReplicasPath\":\".status.n\"}}");
        await server.CreateAsync("a", "\"spec\":{}");
        var (code, body, _) = await server.SendAsync("GET", DefinedServer.Widgets + "/a/scale");
        Assert.Equal((500, "Internal error occurred: the spec replicas field \".spec.deep.count\" does not exist"), (code, body!.Message()));
        (code, body, _) = await server.SendAsync("PATCH", DefinedServer.Widgets + "/a/scale", """{"spec":{"replicas":3}}""", "application/merge-patch+json");
        Assert.Equal((200, 3), (code, body!["spec"]!["replicas"]!.GetValue<int>()));
        Assert.Equal("""{"deep":{"count":3}}""", (await server.SendAsync("GET", DefinedServer.Widgets + "/a")).Body!["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task Lists_are_narrowed_by_selectable_fields_and_shown_in_the_columns_that_were_defined()
    {
        await using var server = await DefinedServer.WithWidgetsAsync(
            """{"type":"object","properties":{"spec":{"type":"object","properties":{"color":{"type":"string"},"n":{"type":"integer"}}}}}""",
            ",\"selectableFields\":[{\"jsonPath\":\".spec.color\"}],\"additionalPrinterColumns\":[{\"name\":\"N\",\"type\":\"integer\",\"jsonPath\":\".spec.n\"}]");
        await server.CreateAsync("a", "\"spec\":{\"color\":\"red\",\"n\":1}");
        await server.CreateAsync("b", "\"spec\":{\"color\":\"blue\"}");
        var (_, list, _) = await server.SendAsync("GET", DefinedServer.Widgets + "?fieldSelector=spec.color%3Dred");
        Assert.Equal(["a"], list!["items"]!.AsArray().Select(i => i!["metadata"]!["name"]!.GetValue<string>()));
        Assert.Equal(400, (await server.SendAsync("GET", DefinedServer.Widgets + "?fieldSelector=spec.n%3D1")).Code);
        var (_, table, _) = await server.SendAsync("GET", DefinedServer.Widgets, accept: "application/json;as=Table;g=meta.k8s.io;v=v1");
        Assert.Equal(["""["a",1]""", """["b",null]"""], table!["rows"]!.AsArray().Select(r => r!["cells"]!.ToJsonString()));
    }
}
