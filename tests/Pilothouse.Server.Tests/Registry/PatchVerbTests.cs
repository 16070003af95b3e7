namespace Pilothouse.Server.Tests.Registry;

/// <summary>PATCH, and what is no patch of the object that the path names.</summary>
public class PatchVerbTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string Apply = "application/apply-patch+yaml";
    private const string GoMap = "Go value of type map[string]interface {}";

    [Theory]
    [InlineData(Json, "null", "", 200, null)]
    [InlineData(Json, "{}", "", 400, "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp")]
    [InlineData(Json, "{}", "Ignore", 400, "json: cannot unmarshal object into Go value of type jsonpatch.Patch")]
    [InlineData(Json, "[", "Ignore", 400, "unexpected end of JSON input")]
    [InlineData(Merge, "null", "", 400, "Invalid JSON Patch")]
    [InlineData(Merge, "[]", "", 400, "error decoding patch: json: cannot unmarshal array into " + GoMap)]
    [InlineData(Merge, "1", "Ignore", 400, "Invalid JSON Patch")]
    [InlineData(Merge, "{", "Ignore", 400, "Invalid JSON Patch")]
    [InlineData(Strategic, "null", "", 200, null)]
    [InlineData(Strategic, "1", "", 400, "json: cannot unmarshal number into " + GoMap)]
    [InlineData(Apply, "[]", "", 400, "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into " + GoMap)]
    [InlineData(Apply, "a: b: c", "", 400, "error decoding YAML: error converting YAML to JSON: yaml: line 1: mapping values are not allowed in this context")]
    public async Task A_body_that_is_no_patch_is_refused_in_the_words_of_its_reader(
        string contentType, string body, string validation, int code, string? message)
    {
        await using var server = await WithConfigMapAsync();
        var answer = await server.SendAsync("PATCH", $"{ConfigMaps}/a?fieldManager=m&fieldValidation={validation}", body, contentType);
        Assert.Equal((code, message), (answer.Code, (string?)answer.Body!["message"]));
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Merge)]
    [InlineData(Strategic)]
    public async Task Whether_there_is_an_object_counts_before_the_patch(string contentType)
    {
        await using var server = await WithConfigMapAsync();
        Assert.Equal(404, (await server.SendAsync("PATCH", $"{ConfigMaps}/b", "{", contentType)).Code);
    }

    [Theory]
    [InlineData(Merge, """{"metadata":{"namespace":"x"}}""")]
    [InlineData(Strategic, """{"metadata":{"namespace":"x","name":"b"}}""")]
    [InlineData(Json, """[{"op":"replace","path":"/metadata/namespace","value":"x"}]""")]
    public async Task A_patch_cannot_move_an_object(string contentType, string body)
    {
        await using var server = await WithConfigMapAsync();
        var answer = await server.SendAsync("PATCH", $"{ConfigMaps}/a", body, contentType);
        Assert.Equal((400, "the namespace of the provided object does not match the namespace sent on the request"),
            (answer.Code, (string?)answer.Body!["message"]));
    }

    [Theory]
    [InlineData("""{"kind":"Secret"}""", "converting (v1.Secret) to (core.ConfigMap): unknown conversion")]
    [InlineData("""{"kind":"Foo"}""", "no kind \"Foo\" is registered for version \"v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"")]
    [InlineData("""{"apiVersion":"v2"}""", "no kind \"ConfigMap\" is registered for version \"v2\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"")]
    [InlineData("""{"kind":1}""", "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string")]
    public async Task A_patch_cannot_make_it_another_kind(string body, string why)
    {
        await using var server = await WithConfigMapAsync();
        var answer = await server.SendAsync("PATCH", $"{ConfigMaps}/a", body, Merge);
        Assert.Equal((422, $" \"\" is invalid: patch: Invalid value: \"<object>\": {why}"), (answer.Code, (string?)answer.Body!["message"]));
    }

    [Fact]
    public async Task Kinds_that_are_left_out_or_meet_a_strategic_patch_are_the_path_s()
    {
        await using var server = await WithConfigMapAsync();
        Assert.Equal(200, (await server.SendAsync("PATCH", $"{ConfigMaps}/a", """{"kind":null,"data":{"a":"1"}}""", Merge)).Code);
        var answer = await server.SendAsync("PATCH", $"{ConfigMaps}/a", """{"kind":"Secret","data":{"a":"2"}}""", Strategic);
        Assert.Equal(("ConfigMap", "2"), ((string?)answer.Body!["kind"], (string?)answer.Body["data"]!["a"]));
    }

    [Fact]
    public async Task Keys_that_stand_twice_in_YAML_are_a_warning_each()
    {
        await using var server = await WithConfigMapAsync();
        const string yaml = "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: a\n  name: a\ndata:\n  x: b\n  x: c\n";
        var (code, _, headers) = await server.SendAsync("PATCH", $"{ConfigMaps}/a?fieldManager=m", yaml, Apply);
        Assert.Equal(200, code);
        Assert.Equal(
            ["299 - \"line 5: key \\\"name\\\" already set in map\"", "299 - \"line 8: key \\\"x\\\" already set in map\""], headers.GetValues("Warning"));
        var refused = await server.SendAsync("PATCH", $"{ConfigMaps}/a?fieldManager=m&fieldValidation=Strict", yaml, Apply);
        Assert.Equal((400, "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n"
            + "  line 5: key \"name\" already set in map\n  line 8: key \"x\" already set in map"), (refused.Code, (string?)refused.Body!["message"]));
    }

    [Theory]
    [InlineData("POST", "", """{"metadata":{"name":"b"}}""", "text/plain", 415)]
    [InlineData("PUT", "/a", """{"metadata":{"name":"b","namespace":"x"}}""", "text/plain", 422)]
    public async Task Creating_looks_at_the_media_type_before_the_options_and_updating_behind_them(
        string method, string path, string body, string contentType, int code)
    {
        await using var server = await WithConfigMapAsync();
        Assert.Equal(code, (await server.SendAsync(method, $"{ConfigMaps}{path}?dryRun=x", body, contentType)).Code);
    }

    private static async Task<TestServer> WithConfigMapAsync()
    {
        var server = await TestServer.StartAsync();
        await server.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"a"}}""");
        return server;
    }
}
