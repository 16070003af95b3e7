using System.Text;
using System.Text.Json.Nodes;

namespace Pilothouse.Server.Tests.Presentation;

public sealed class ProtobufAnswerTests
{
    private const string ConfigMaps = "/api/v1/namespaces/x/configmaps";
    private const string ConfigMap = "io.k8s.api.core.v1.ConfigMap";
    private const string Partial = "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata";

    [Fact]
    public async Task What_is_created_in_protobuf_is_read_alike_in_every_form()
    {
        await using var server = await TestServer.StartAsync();
        var body = ProtobufClient.Encode("""{"metadata":{"name":"a","labels":{"l":"1"}},"data":{"k":"v"}}""", ConfigMap, "v1", "ConfigMap");
        var (code, type, made) = await server.ProtobufAsync("POST", ConfigMaps, body);
        Assert.Equal((201, ProtobufClient.MediaType), (code, type));

        (_, var json, _) = await server.SendAsync("GET", $"{ConfigMaps}/a");
        Assert.Equal(json!.ToJsonString(), ProtobufClient.Decode(made, ConfigMap).ToJsonString());
        (code, _, var read) = await server.ProtobufAsync("GET", $"{ConfigMaps}/a");
        Assert.Equal(200, code);
        Assert.Equal(Convert.ToHexString(made), Convert.ToHexString(read));
        server.AssertNoFaults();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?limit=2")]
    [InlineData("?labelSelector=odd%3D1")]
    [InlineData("?labelSelector=odd%3Dnothing")]
    public async Task A_list_is_the_one_that_JSON_shows(string query)
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 5; i++)
            await server.SendAsync("POST", ConfigMaps, $$$"""{"metadata":{"name":"c{{{i}}}","labels":{"odd":"{{{i % 2}}}"}},"data":{"i":"{{{i}}}"}}""");
        var (code, type, body) = await server.ProtobufAsync("GET", ConfigMaps + query);
        Assert.Equal((200, ProtobufClient.MediaType), (code, type));
        (_, var json, _) = await server.SendAsync("GET", ConfigMaps + query);
        var list = ProtobufClient.Decode(body, ConfigMap + "List");
        // No items are no field.
        list["items"] ??= new JsonArray();
        Assert.Equal(json!.ToJsonString(), list.ToJsonString());
        server.AssertNoFaults();
    }

    [Fact]
    public async Task A_list_that_is_too_large_to_be_kept_is_whole_all_the_same()
    {
        await using var server = await TestServer.StartAsync();
        var text = new string('x', 900_000);
        for (var i = 0; i < 40; i++)
        {
            var value = $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c{{{i:00}}}","namespace":"x"},"data":{"i":"{{{text}}}"}}""";
            await server.Store.WriteAsync(Storage.StoreWrite.Create($"/configmaps/x/c{i:00}", Encoding.UTF8.GetBytes(value)), CancellationToken.None);
        }
        var (_, _, body) = await server.ProtobufAsync("GET", ConfigMaps);
        var list = ProtobufClient.Decode(body, ConfigMap + "List");
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"c{i:00}"), list["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!));
        Assert.All(list["items"]!.AsArray(), i => Assert.Equal(900_000, ((string)i!["data"]!["i"]!).Length));
    }

    [Fact]
    public async Task A_watch_sends_frames_of_their_own_length()
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"a"},"data":{"k":"1"}}""");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{ConfigMaps}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        request.Headers.TryAddWithoutValidation("Accept", $"{ProtobufClient.MediaType};stream=watch");
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal($"{ProtobufClient.MediaType};stream=watch", response.Content.Headers.ContentType!.ToString().Replace(" ", "", StringComparison.Ordinal));
        await using var stream = await response.Content.ReadAsStreamAsync();

        var (type, first) = await ProtobufClient.ReadEventAsync(stream);
        Assert.Equal(("ADDED", "1"), (type, (string?)ProtobufClient.Decode(first, ConfigMap)["data"]!["k"]));
        (type, var bookmark) = await ProtobufClient.ReadEventAsync(stream);
        Assert.Equal("BOOKMARK", type);
        Assert.Equal("true", (string?)ProtobufClient.Decode(bookmark, ConfigMap)["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
        await server.SendAsync("PATCH", $"{ConfigMaps}/a", """{"data":{"k":"2"}}""", "application/merge-patch+json");
        (_, var shown, _) = await server.SendAsync("GET", $"{ConfigMaps}/a");
        (type, var second) = await ProtobufClient.ReadEventAsync(stream);
        Assert.Equal(("MODIFIED", shown!.ToJsonString()), (type, ProtobufClient.Decode(second, ConfigMap).ToJsonString()));
        await server.SendAsync("DELETE", $"{ConfigMaps}/a");
        (type, var last) = await ProtobufClient.ReadEventAsync(stream);
        Assert.Equal(("DELETED", "2"), (type, (string?)ProtobufClient.Decode(last, ConfigMap)["data"]!["k"]));
        server.AssertNoFaults();
    }

    [Fact]
    public async Task A_watch_that_cannot_begin_answers_with_a_Status()
    {
        await using var server = await TestServer.StartAsync();
        var (code, type, body) = await server.ProtobufAsync("GET", $"{ConfigMaps}?watch=true&resourceVersion=abc");
        Assert.Equal(ProtobufClient.MediaType, type);
        Assert.Equal(code, (int?)ProtobufClient.Decode(body, "io.k8s.apimachinery.pkg.apis.meta.v1.Status")["code"]);
    }

    [Fact]
    public async Task Metadata_alone_comes_in_protobuf_too()
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"a","labels":{"l":"1"}},"data":{"k":"1"}}""");
        var (_, type, body) = await server.ProtobufAsync("GET", $"{ConfigMaps}/a", accept: $"{ProtobufClient.MediaType};as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
        (_, var json, _) = await server.SendAsync("GET", $"{ConfigMaps}/a", accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
        Assert.Equal(ProtobufClient.MediaType, type);
        Assert.Equal(json!.ToJsonString(), ProtobufClient.Decode(body, Partial).ToJsonString());

        (_, _, body) = await server.ProtobufAsync("GET", ConfigMaps, accept: $"{ProtobufClient.MediaType};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        var list = ProtobufClient.Decode(body, Partial + "List");
        Assert.Equal("PartialObjectMetadataList", (string?)list["kind"]);
        Assert.Equal("""{"l":"1"}""", list["items"]![0]!["metadata"]!["labels"]!.ToJsonString());
    }

    [Fact]
    public async Task Another_version_and_a_scale_are_written_by_their_own_schemas()
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", "/apis/autoscaling/v2/namespaces/x/horizontalpodautoscalers",
            """{"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"},"maxReplicas":3,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}}]}}""");
        var path = "/apis/autoscaling/v1/namespaces/x/horizontalpodautoscalers/h";
        (_, var json, _) = await server.SendAsync("GET", path);
        var (_, _, body) = await server.ProtobufAsync("GET", path);
        Assert.Equal(json!.ToJsonString(), ProtobufClient.Decode(body, "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler").ToJsonString());

        await server.SendAsync("POST", "/apis/apps/v1/namespaces/x/deployments",
            """{"metadata":{"name":"d"},"spec":{"replicas":2,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        path = "/apis/apps/v1/namespaces/x/deployments/d/scale";
        (_, json, _) = await server.SendAsync("GET", path);
        (_, _, body) = await server.ProtobufAsync("GET", path);
        Assert.Equal(json!.ToJsonString(), ProtobufClient.Decode(body, "io.k8s.api.autoscaling.v1.Scale").ToJsonString());
    }

    [Fact]
    public async Task A_delete_reads_its_options_in_protobuf()
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"a"}}""");
        byte[] Options(string json) => ProtobufClient.Encode(json, "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions", "v1", "DeleteOptions");
        var (code, _, body) = await server.ProtobufAsync("DELETE", $"{ConfigMaps}/a", Options("""{"preconditions":{"uid":"other"}}"""));
        Assert.Equal(409, code);
        Assert.Equal("Conflict", (string?)ProtobufClient.Decode(body, "io.k8s.apimachinery.pkg.apis.meta.v1.Status")["reason"]);
        (code, _, body) = await server.ProtobufAsync("DELETE", $"{ConfigMaps}/a", Options("""{"propagationPolicy":"Background"}"""));
        Assert.Equal(200, code);
        Assert.Equal("Success", (string?)ProtobufClient.Decode(body, "io.k8s.apimachinery.pkg.apis.meta.v1.Status")["status"]);
    }

    [Fact]
    public async Task What_schedulers_kubelets_and_controllers_send_is_read_in_protobuf()
    {
        await using var server = await TestServer.StartAsync();
        const string pods = "/api/v1/namespaces/x/pods";
        const string status = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";
        await server.SendAsync("POST", pods, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");

        // Eviction: allowed, since no budget is against it.
        var (code, _, body) = await server.ProtobufAsync("POST", $"{pods}/p/eviction",
            ProtobufClient.Encode("""{"metadata":{"name":"p"}}""", "io.k8s.api.policy.v1.Eviction", "policy/v1", "Eviction"));
        Assert.Equal((201, "Success"), (code, (string?)ProtobufClient.Decode(body, status)["status"]));

        // A lease is renewed with what was read.
        const string leases = "/apis/coordination.k8s.io/v1/namespaces/x/leases", lease = "io.k8s.api.coordination.v1.Lease";
        (code, _, body) = await server.ProtobufAsync("POST", leases, ProtobufClient.Encode(
            """{"metadata":{"name":"l"},"spec":{"holderIdentity":"me","leaseDurationSeconds":40,"renewTime":"2026-01-01T00:00:00.000001Z"}}""",
            lease, "coordination.k8s.io/v1", "Lease"));
        Assert.Equal(201, code);
        var held = ProtobufClient.Decode(body, lease);
        held["spec"]!["renewTime"] = "2026-01-01T00:00:10.000002Z";
        (code, _, body) = await server.ProtobufAsync("PUT", $"{leases}/l", ProtobufClient.Encode(held.ToJsonString(), lease, "coordination.k8s.io/v1", "Lease"));
        Assert.Equal(200, code);
        Assert.Equal("2026-01-01T00:00:10.000002Z", (string?)ProtobufClient.Decode(body, lease)["spec"]!["renewTime"]);

        // A status is patched in JSON and answered in protobuf.
        (code, _, body) = await server.ProtobufAsync("PATCH", $"{pods}/p/status",
            Encoding.UTF8.GetBytes("""{"status":{"phase":"Running"}}"""), contentType: "application/strategic-merge-patch+json");
        if (code == 200)
            Assert.Equal("Running", (string?)ProtobufClient.Decode(body, "io.k8s.api.core.v1.Pod")["status"]!["phase"]);
        server.AssertNoFaults();
    }

    [Theory]
    [InlineData("application/vnd.kubernetes.protobuf, application/json", 200, "application/vnd.kubernetes.protobuf")]
    [InlineData("application/vnd.kubernetes.protobuf;q=0.5, application/json", 200, "application/json")]
    [InlineData("application/json;q=0.1, application/vnd.kubernetes.protobuf;q=0.2", 200, "application/vnd.kubernetes.protobuf")]
    [InlineData("application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1, application/json;as=Table;g=meta.k8s.io;v=v1", 200, "application/json")]
    [InlineData("application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1", 406, "application/json")]
    [InlineData("application/vnd.kubernetes.protobuf;as=Other;g=meta.k8s.io;v=v1,application/vnd.kubernetes.protobuf", 200, "application/vnd.kubernetes.protobuf")]
    [InlineData("application/yaml", 200, "application/yaml")]
    [InlineData("application/cbor", 406, "application/json")]
    [InlineData("application/cbor, application/json", 200, "application/json")]
    [InlineData("application/json;sv=v2", 406, "application/json")]
    [InlineData("*/*", 200, "application/json")]
    public async Task The_most_wanted_form_that_there_is_is_sent(string accept, int code, string contentType)
    {
        await using var server = await TestServer.StartAsync();
        var (answered, type, _) = await server.ProtobufAsync("GET", ConfigMaps, accept: accept);
        Assert.Equal((code, contentType), (answered, type));
    }

    [Theory]
    [InlineData("application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf")]
    [InlineData("application/yaml", "application/yaml")]
    [InlineData("application/json;as=Table;g=meta.k8s.io;v=v1", "application/json")]
    [InlineData("application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json", "application/json")]
    public async Task A_failure_is_told_in_the_form_that_is_taken(string accept, string contentType)
    {
        await using var server = await TestServer.StartAsync();
        var (code, type, body) = await server.ProtobufAsync("GET", $"{ConfigMaps}/missing", accept: accept);
        Assert.Equal((404, contentType), (code, type));
        if (type == ProtobufClient.MediaType)
        {
            (_, var json, _) = await server.SendAsync("GET", $"{ConfigMaps}/missing");
            Assert.Equal(json!.ToJsonString(), ProtobufClient.Decode(body, "io.k8s.apimachinery.pkg.apis.meta.v1.Status").ToJsonString());
        }
    }

    [Theory]
    [InlineData("", "the object provided is unrecognized (must be of type ConfigMap): empty data")]
    [InlineData("6b387300", "the object provided is unrecognized (must be of type ConfigMap): empty body")]
    [InlineData("7b7d", "the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")]
    [InlineData("6b3873000a0f0a0276311209436f6e6669674d6170120208ff", "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: proto: wrong wireType = 0 for field Metadata")]
    [InlineData("6b3873000a0f0a0276311209436f6e6669674d617012020a7f", "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: unexpected EOF")]
    public async Task Broken_protobuf_is_the_clients_fault(string hex, string message)
    {
        await using var server = await TestServer.StartAsync();
        var (code, _, body) = await server.ProtobufAsync("POST", ConfigMaps, Convert.FromHexString(hex), accept: "application/json");
        Assert.Equal(400, code);
        Assert.StartsWith(message, (string?)JsonNode.Parse(body)!["message"], StringComparison.Ordinal);
        server.AssertNoFaults();
    }

    [Theory]
    [InlineData("/api", "io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions", "")]
    [InlineData("/apis", "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList", "")]
    [InlineData("/apis/apps", "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup", "")]
    [InlineData("/api/v1", "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList", "")]
    [InlineData("/apis/apps/v1", "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList", "")]
    [InlineData("/apis", "io.k8s.api.apidiscovery.v2.APIGroupDiscoveryList", ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")]
    [InlineData("/api", "io.k8s.api.apidiscovery.v2.APIGroupDiscoveryList", ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")]
    public async Task Discovery_says_in_protobuf_what_it_says_in_JSON(string path, string definition, string parameters)
    {
        await using var server = await TestServer.StartAsync();
        var (code, type, body) = await server.ProtobufAsync("GET", path, accept: ProtobufClient.MediaType + parameters);
        Assert.Equal((200, ProtobufClient.MediaType + parameters), (code, type.Replace(" ", "", StringComparison.Ordinal)));
        var (_, _, json) = await server.ProtobufAsync("GET", path, accept: "application/json" + parameters);
        // In the JSON of discovery some lists are left out that the type always shows.
        Assert.Equal(
            Normal(JsonNode.Parse(json)!, definition).ToJsonString(),
            Normal(ProtobufClient.Decode(body, definition), definition).ToJsonString());

        static JsonNode Normal(JsonNode json, string definition)
        {
            Assert.True(Schemas.SchemaDecoder.Decode(Encoding.UTF8.GetBytes(json.ToJsonString()), ProtobufClient.Type(definition)).TryGet(out var decoded, out _));
            return JsonNode.Parse(Schemas.SchemaEncoder.Encode(decoded.Json, ProtobufClient.Type(definition), emptyIsNull: true))!;
        }
    }
}
