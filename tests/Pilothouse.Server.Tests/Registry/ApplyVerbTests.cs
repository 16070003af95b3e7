using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Registry;

public class ApplyVerbTests
{
    private const string ConfigMap = "/api/v1/namespaces/x/configmaps/a";
    private const string Deployments = "/apis/apps/v1/namespaces/x/deployments";
    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: d
        spec:
          replicas: 1
          selector: {matchLabels: {app: x}}
          template:
            metadata: {labels: {app: x}}
            spec:
              containers:
              - {name: c, image: "c:1"}
        """;

    [Fact]
    public async Task A_document_creates_changes_and_leaves_alone()
    {
        await using var server = await TestServer.StartAsync();
        var (code, made) = await ApplyAsync(server, ConfigMap, "one", Map("""{"a":"1"}"""));
        Assert.Equal(201, code);
        Assert.Equal("""one Apply {"f:data":{"f:a":{}}}""", Managers(made));

        (code, var same) = await ApplyAsync(server, ConfigMap, "one", Map("""{"a":"1"}"""));
        Assert.Equal(200, code);
        Assert.Equal(made!.ToJsonString(), same!.ToJsonString());

        (code, var changed) = await ApplyAsync(server, ConfigMap, "one", Map("""{"b":"2"}"""));
        Assert.Equal(200, code);
        Assert.Equal("""{"b":"2"}""", changed!["data"]!.ToJsonString());
        Assert.NotEqual((string?)made["metadata"]!["resourceVersion"], (string?)changed["metadata"]!["resourceVersion"]);

        (code, var refused) = await ApplyAsync(server, ConfigMap, "two", Map("""{"b":"3"}"""));
        Assert.Equal(409, code);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .data.b", (string?)refused!["message"]);
        Assert.Equal("FieldManagerConflict", (string?)refused["details"]!["causes"]![0]!["reason"]);

        (code, var tried) = await ApplyAsync(server, ConfigMap, "two", Map("""{"b":"3"}"""), "&force=true&dryRun=All");
        Assert.Equal(200, code);
        Assert.Equal("""two Apply {"f:data":{"f:b":{}}}""", Managers(tried));
        (code, var forced) = await ApplyAsync(server, ConfigMap, "two", Map("""{"b":"3"}"""), "&force=true");
        Assert.Equal(200, code);
        Assert.Equal("""{"b":"3"}""", forced!["data"]!.ToJsonString());
        server.AssertNoFaults();
    }

    [Theory]
    [InlineData("", "", 422, "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch")]
    [InlineData("fieldManager=a%01", "", 422, "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Invalid value: \"a\\x01\": invalid character U+0001 (at position 1)")]
    [InlineData("fieldManager=a", """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}""", 400, "invalid object type: /v1, Kind=Secret")]
    [InlineData("fieldManager=a", "{}", 400, "invalid object type: /, Kind=")]
    [InlineData("fieldManager=a", "[1]", 400, "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData("fieldManager=a", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","managedFields":[]}}""", 400, "metadata.managedFields must be nil")]
    [InlineData("fieldManager=a", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}""", 400, "the name of the object (b) does not match the name on the URL (a)")]
    [InlineData("fieldManager=a", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{}}""", 400,
        "the name of the object (a based on URL) was undeterminable: name must be provided")]
    [InlineData("fieldManager=a", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"y"}}""", 400,
        "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("fieldManager=a", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":1}}""", 500,
        "failed to create typed patch object (/a; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:1}")]
    [InlineData("fieldManager=a", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","uid":"u"}}""", 409,
        "Operation cannot be fulfilled on configmaps \"a\": uid mismatch: the provided object specified uid u, and no existing object was found")]
    public async Task A_request_that_cannot_be_applied_says_why(string query, string body, int expected, string message)
    {
        await using var server = await TestServer.StartAsync();
        var (code, answer, _) = await server.SendAsync(
            "PATCH", $"{ConfigMap}?{query}", body.Length > 0 ? body : Map("{}"), "application/apply-patch+yaml");
        Assert.Equal(expected, code);
        Assert.Equal(message, (string?)answer!["message"]);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Force_is_for_apply_only_and_cbor_is_not_spoken()
    {
        await using var server = await TestServer.StartAsync();
        var (code, answer, _) = await server.SendAsync("PATCH", ConfigMap + "?force=false", "{}", "application/merge-patch+json");
        Assert.Equal(422, code);
        Assert.Equal("PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch", (string?)answer!["message"]);
        (code, answer, _) = await server.SendAsync("PATCH", ConfigMap + "?fieldManager=a", "x", "application/apply-patch+cbor");
        Assert.Equal(415, code);
        Assert.StartsWith("the body of the request was in an unknown format", (string?)answer!["message"]);
    }

    [Fact]
    public async Task Every_write_says_who_wrote()
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", "/api/v1/namespaces/x/configmaps?fieldManager=maker", """{"metadata":{"name":"a","labels":{"l":"1"}},"data":{"k":"1"}}""");
        await server.SendAsync("PATCH", ConfigMap + "?fieldManager=patcher", """{"data":{"k":"2","m":"1"}}""", "application/merge-patch+json");
        var (_, updated, _) = await server.SendAsync(
            "PUT", ConfigMap + "?fieldManager=updater", """{"metadata":{"name":"a","labels":{"l":"1"}},"data":{"k":"2","m":"1","n":"1"}}""");
        Assert.Equal(
            """
            maker Update {"f:data":{},"f:metadata":{"f:labels":{".":{},"f:l":{}}}}
            patcher Update {"f:data":{"f:k":{},"f:m":{}}}
            updater Update {"f:data":{"f:n":{}}}
            """.ReplaceLineEndings("\n"), Managers(updated));

        // Doing nothing is no write, and forgetting is one.
        var version = (string?)updated!["metadata"]!["resourceVersion"];
        var (_, same, _) = await server.SendAsync("PUT", ConfigMap + "?fieldManager=other", updated.ToJsonString());
        Assert.Equal(version, (string?)same!["metadata"]!["resourceVersion"]);
        var (_, reset, _) = await server.SendAsync("PATCH", ConfigMap, """{"metadata":{"managedFields":[]}}""", "application/merge-patch+json");
        Assert.Equal("", Managers(reset));
        var (_, untracked, _) = await server.SendAsync("PATCH", ConfigMap, """{"data":{"z":"1"}}""", "application/merge-patch+json");
        Assert.Equal("", Managers(untracked));
        var (code, applied) = await ApplyAsync(server, ConfigMap, "one", Map("""{"z":"1"}"""));
        Assert.Equal(200, code);
        Assert.Equal(
            """
            one Apply {"f:data":{"f:z":{}}}
            before-first-apply Update {"f:data":{".":{},"f:k":{},"f:m":{},"f:n":{},"f:z":{}},"f:metadata":{"f:labels":{".":{},"f:l":{}}}}
            """.ReplaceLineEndings("\n"), Managers(applied));
        server.AssertNoFaults();
    }

    [Fact]
    public async Task A_scale_moves_the_replicas_from_owner_to_owner()
    {
        await using var server = await TestServer.StartAsync();
        await ApplyAsync(server, Deployments + "/d", "one", Deployment);
        var (code, scale, _) = await server.SendAsync(
            "PATCH", Deployments + "/d/scale?fieldManager=scaler", """{"spec":{"replicas":3}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        Assert.Null(scale!["metadata"]!["managedFields"]);
        var (_, scaled, _) = await server.SendAsync("GET", Deployments + "/d");
        Assert.DoesNotContain("f:replicas", Managers(scaled).Split('\n')[0]);
        Assert.Equal("""scaler Update {"f:spec":{"f:replicas":{}}} scale""", Managers(scaled).Split('\n')[1]);

        const string document = """{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"d"},"spec":{"replicas":5}}""";
        (code, var refused) = await ApplyAsync(server, Deployments + "/d/scale", "hpa", document);
        Assert.Equal(409, code);
        Assert.Equal(
            "Apply failed with 1 conflict: conflict with \"scaler\" with subresource \"scale\" using autoscaling/v1: .spec.replicas", (string?)refused!["message"]);
        (code, scale) = await ApplyAsync(server, Deployments + "/d/scale", "hpa", document, "&force=true");
        Assert.Equal(200, code);
        Assert.Equal(5, (int)scale!["spec"]!["replicas"]!);
        (_, scaled, _) = await server.SendAsync("GET", Deployments + "/d");
        Assert.Contains("""hpa Apply {"f:spec":{"f:replicas":{}}} scale""", Managers(scaled));
        Assert.DoesNotContain("scaler", Managers(scaled));
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Versions_of_an_autoscaler_know_each_others_owners()
    {
        await using var server = await TestServer.StartAsync();
        const string v1 = "/apis/autoscaling/v1/namespaces/x/horizontalpodautoscalers/h";
        const string v2 = "/apis/autoscaling/v2/namespaces/x/horizontalpodautoscalers/h";
        const string first = """
            apiVersion: autoscaling/v1
            kind: HorizontalPodAutoscaler
            metadata: {name: h}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}
              maxReplicas: 5
              targetCPUUtilizationPercentage: 50
            """;
        const string second = """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: h}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}
              maxReplicas: 5
              metrics:
              - type: Resource
                resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}
            """;
        await ApplyAsync(server, v1, "one", first);
        var (code, refused) = await ApplyAsync(server, v2, "two", second);
        Assert.Equal(409, code);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .spec.targetCPUUtilizationPercentage", (string?)refused!["message"]);
        (code, var applied) = await ApplyAsync(server, v2, "two", second, "&force=true");
        Assert.Equal(200, code);
        Assert.DoesNotContain("targetCPU", Managers(applied));
        Assert.Contains("f:metrics", Managers(applied));
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Status_is_applied_by_itself_and_the_object_does_not_own_it()
    {
        await using var server = await TestServer.StartAsync();
        var (code, _) = await ApplyAsync(server, Deployments + "/d/status", "ctl", """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"status":{"replicas":1}}""");
        Assert.Equal(404, code);
        await ApplyAsync(server, Deployments + "/d", "one", Deployment + "\nstatus: {replicas: 7}\n");
        (code, var applied) = await ApplyAsync(
            server, Deployments + "/d/status", "ctl",
            """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":9},"status":{"replicas":1}}""");
        Assert.Equal(200, code);
        Assert.Equal(1, (int)applied!["spec"]!["replicas"]!);
        Assert.Contains("""ctl Apply {"f:status":{"f:replicas":{}}} status""", Managers(applied));
        Assert.DoesNotContain("f:status", Managers(applied).Split('\n').Single(m => m.StartsWith("one", StringComparison.Ordinal)));
        server.AssertNoFaults();
    }

    [Fact]
    public async Task An_object_that_kubectl_applied_itself_passes_to_server_side_apply_and_back()
    {
        await using var server = await TestServer.StartAsync();
        var last = Map("""{"a":"1","b":"1"}""");
        await server.SendAsync("POST", "/api/v1/namespaces/x/configmaps?fieldManager=kubectl-client-side-apply", new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "a", ["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = last },
            },
            ["data"] = new JsonObject { ["a"] = "1", ["b"] = "1" },
        }.ToJsonString());
        var (code, applied) = await ApplyAsync(server, ConfigMap, "kubectl", Map("""{"a":"2","c":"<"}"""));
        Assert.Equal(200, code);
        Assert.Equal("""{"a":"2","b":"1","c":"<"}""", Relaxed(applied!["data"]!));
        Assert.Equal(
            "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"2\",\"c\":\"\\u003c\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}\n",
            (string?)applied["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"]);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task Who_may_patch_may_not_therefore_create()
    {
        await using var server = await TestServer.StartAsync(parts => parts with { Authorizers = [new PatchersAuthorizer()] });
        var (code, answer, _) = await server.SendAsync(
            "PATCH", ConfigMap + "?fieldManager=a", Map("{}"), "application/apply-patch+yaml", user: "bob");
        Assert.Equal(403, code);
        Assert.Equal(
            "configmaps \"a\" is forbidden: User \"bob\" cannot create resource \"configmaps\" in API group \"\" in the namespace \"x\"", (string?)answer!["message"]);
    }

    [Fact]
    public async Task A_key_that_stands_twice_is_told_or_refused()
    {
        await using var server = await TestServer.StartAsync();
        const string twice = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: \"1\"\n  a: \"2\"\n";
        var (code, answer) = await ApplyAsync(server, ConfigMap, "one", twice, "&fieldValidation=Strict");
        Assert.Equal(400, code);
        Assert.StartsWith("error strict decoding YAML: ", (string?)answer!["message"]);
        (code, answer) = await ApplyAsync(server, ConfigMap, "one", twice);
        Assert.Equal(201, code);
        Assert.Equal("""{"a":"2"}""", answer!["data"]!.ToJsonString());
    }

    [Fact]
    public async Task Text_of_a_secret_is_owned_as_the_data_that_it_becomes()
    {
        await using var server = await TestServer.StartAsync();
        var (_, made, _) = await server.SendAsync(
            "POST", "/api/v1/namespaces/x/secrets?fieldManager=maker", """{"metadata":{"name":"s"},"stringData":{"a":"b"}}""");
        Assert.Equal("""maker Update {"f:data":{".":{},"f:a":{}},"f:type":{}}""", Managers(made));
        var (_, patched, _) = await server.SendAsync(
            "PATCH", "/api/v1/namespaces/x/secrets/s?fieldManager=patcher", """{"stringData":{"a":"c"}}""", "application/merge-patch+json");
        Assert.Equal("""{"a":"Yw=="}""", patched!["data"]!.ToJsonString());
        Assert.Contains("""patcher Update {"f:data":{"f:a":{}}}""", Managers(patched));
    }

    [Theory]
    [InlineData("""[{"op":"add","path":"/data","value":{},"extra":1,"op":"add"}]""", "", 200, "json patch unknown field \"[0].extra\"|json patch duplicate field \"[0].op\"")]
    [InlineData("""[{"op":"add","path":"/data","value":{},"extra":1}]""", "?fieldValidation=Ignore", 200, "")]
    [InlineData("""[{"op":"add","path":"/data","value":{},"extra":1}]""", "?fieldValidation=Strict", 422,
        " \"\" is invalid: patch: Invalid value: \"<object>\": strict decoding error: json patch unknown field \"[0].extra\"")]
    [InlineData("""[{"op":1}]""", "", 400, "error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string")]
    [InlineData("""["x"]""", "", 400, "error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp")]
    public async Task A_JSON_patch_is_decoded_strictly(string patch, string query, int expected, string said)
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", "/api/v1/namespaces/x/configmaps", """{"metadata":{"name":"a"}}""");
        var (code, answer, headers) = await server.SendAsync("PATCH", ConfigMap + query, patch, "application/json-patch+json");
        Assert.Equal(expected, code);
        var warnings = headers.TryGetValues("Warning", out var values) ? string.Join('|', values) : "";
        if (expected == 200)
            Assert.Equal(said.Length == 0 ? [] : said.Split('|').Select(w => $"299 - \"{w.Replace("\"", "\\\"", StringComparison.Ordinal)}\""), warnings.Length == 0 ? [] : warnings.Split('|'));
        else
            Assert.Equal(said, (string?)answer!["message"]);
    }

    private static string Map(string data) => $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{{data}}}""";

    private static async Task<(int Code, JsonNode? Body)> ApplyAsync(TestServer server, string path, string manager, string document, string more = "")
    {
        var (code, body, _) = await server.SendAsync("PATCH", $"{path}?fieldManager={manager}{more}", document, "application/apply-patch+yaml");
        return (code, body);
    }

    private static string Relaxed(JsonNode node) =>
        node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>A line an entry: name, operation, fields, subresource.</summary>
    private static string Managers(JsonNode? obj) => string.Join('\n', ((JsonArray?)obj!["metadata"]!["managedFields"] ?? []).Select(
        m => $"{m!["manager"]} {m["operation"]} {Relaxed(m["fieldsV1"]!)} {m["subresource"]}".TrimEnd()));
}
