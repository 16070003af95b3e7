using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Server.Tests.Presentation;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Tests.Watching;

/// <summary>Values as kube-apiserver writes them, served as if they were ours.</summary>
public sealed class StoredValueTests
{
    private static readonly ResourceCatalog s_catalog = BuiltInCatalog.Load();

    private static readonly string[][] s_vectors = ReadVectors();

    public static TheoryData<string> Names =>
        [.. s_vectors.Where(v => Resource(v[1]) is { Stored.IsVirtual: false, Converter: null }).Select(v => v[0])];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_protobuf_value_is_read_listed_and_watched(string name)
    {
        var vector = s_vectors.First(v => v[0] == name);
        var resource = Resource(vector[1])!;
        await using var server = await TestServer.StartAsync();
        var expected = JsonNode.Parse(vector[3])!;
        var metadata = expected["metadata"]!.AsObject();
        var (ns, objectName) = (resource.Namespaced ? (string)metadata["namespace"]! : "", (string)metadata["name"]!);
        var written = await server.Store.WriteAsync(
            StoreWrite.Create(resource.Stored.Key(ns, objectName), Convert.FromBase64String(vector[2])), CancellationToken.None);
        metadata["resourceVersion"] = $"{written.Revision}";

        var prefix = resource.Resource.Group.Length == 0 ? "/api/" : $"/apis/{resource.Resource.Group}/";
        var collection = $"{prefix}{resource.Resource.Version}/{(ns.Length > 0 ? $"namespaces/{ns}/" : "")}{resource.Resource.Resource}";
        var (code, json, _) = await server.SendAsync("GET", $"{collection}/{objectName}");
        Assert.Equal(200, code);
        Assert.True(JsonNode.DeepEquals(expected, json), $"{json!.ToJsonString()}\n{expected.ToJsonString()}");
        var (_, _, protobuf) = await server.ProtobufAsync("GET", $"{collection}/{objectName}");
        Assert.Equal(json!.ToJsonString(), ProtobufClient.Decode(protobuf, vector[1]).ToJsonString());

        (_, var list, _) = await server.SendAsync("GET", collection);
        Assert.Single(list!["items"]!.AsArray());
        using var response = await server.Client.GetAsync($"{collection}?watch=true&resourceVersion=0", HttpCompletionOption.ResponseHeadersRead);
        using var watch = new WatchReader(response, await response.Content.ReadAsStreamAsync());
        Assert.Equal(json.ToJsonString(), (await watch.NextAsync())!["object"]!.ToJsonString());
        server.AssertNoFaults();
    }

    [Fact]
    public async Task A_write_puts_JSON_in_place_of_protobuf()
    {
        await using var server = await TestServer.StartAsync();
        var value = ProtobufClient.Encode(
            """{"metadata":{"name":"a","namespace":"x","uid":"u","creationTimestamp":"2026-01-01T00:00:00Z"},"data":{"k":"1"}}""",
            "io.k8s.api.core.v1.ConfigMap", "v1", "ConfigMap");
        await server.Store.WriteAsync(StoreWrite.Create("/configmaps/x/a", value), CancellationToken.None);
        var (code, patched, _) = await server.SendAsync(
            "PATCH", "/api/v1/namespaces/x/configmaps/a", """{"data":{"l":"2"}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        Assert.Equal("""{"k":"1","l":"2"}""", patched!["data"]!.ToJsonString());
        var entry = await server.Store.GetAsync("/configmaps/x/a", default, CancellationToken.None);
        Assert.StartsWith("{\"kind\":\"ConfigMap\"", Encoding.UTF8.GetString(entry!.Value.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("k8s:enc:aescbc:v1:key1:xyz", "it is encrypted (aescbc), and this server has no key for it")]
    [InlineData("k8s:enc:kms:v2:name:xyz", "it is encrypted (kms), and this server has no key for it")]
    [InlineData("""{"kind":"ConfigMap","apiVersion":"other/v1","metadata":{}}""", "it is of version other/v1, which this server does not read")]
    public void What_cannot_be_read_is_named(string value, string why)
    {
        var resource = Resource("io.k8s.api.core.v1.ConfigMap")!.Stored;
        var thrown = Assert.Throws<UnreadableValueException>(() => CachedObjectReader.Read(resource, "/configmaps/x/a", Encoding.UTF8.GetBytes(value), new(5)));
        Assert.EndsWith(why, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_does_not_look_as_if_it_were_gone()
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", "/api/v1/namespaces/x/secrets", """{"metadata":{"name":"b"}}""");
        await server.Store.WriteAsync(StoreWrite.Create("/secrets/x/a", "k8s:enc:kms:v2:name:xyz"u8.ToArray()), CancellationToken.None);
        const string why = "Internal error occurred: the value of /secrets/x/a cannot be read: it is encrypted (kms), and this server has no key for it";
        foreach (var path in new[] { "/api/v1/namespaces/x/secrets/a", "/api/v1/namespaces/x/secrets", "/api/v1/secrets" })
        {
            var (code, failure, _) = await server.SendAsync("GET", path);
            Assert.Equal((500, why), (code, (string?)failure!["message"]));
        }
        var (found, _, _) = await server.SendAsync("GET", "/api/v1/namespaces/x/secrets/b");
        Assert.Equal(200, found);
        (found, _, _) = await server.SendAsync("GET", "/api/v1/namespaces/y/secrets");
        Assert.Equal(200, found);
        using var response = await server.Client.GetAsync("/api/v1/secrets?watch=true", HttpCompletionOption.ResponseHeadersRead);
        using var watch = new WatchReader(response, await response.Content.ReadAsStreamAsync());
        Assert.Equal("ERROR", (string?)(await watch.NextAsync())!["type"]);
        server.Faults.Errors.Clear();
    }

    [Theory]
    [InlineData("io.k8s.api.admissionregistration.v1.MutatingAdmissionPolicy", "admissionregistration.k8s.io/v1beta1", "MutatingAdmissionPolicy", "admissionregistration.k8s.io/v1")]
    [InlineData("io.k8s.api.networking.v1.ServiceCIDR", "networking.k8s.io/v1beta1", "ServiceCIDR", "networking.k8s.io/v1")]
    [InlineData("io.k8s.api.resource.v1.DeviceClass", "resource.k8s.io/v1beta2", "DeviceClass", "resource.k8s.io/v1")]
    public void A_version_that_is_alike_is_read_as_the_stored_one(string definition, string apiVersion, string kind, string stored)
    {
        var resource = Resource(definition)!.Stored;
        var protobuf = ProtobufClient.Encode("""{"metadata":{"name":"a"}}""", definition, apiVersion, kind);
        foreach (var value in new[] { protobuf, Encoding.UTF8.GetBytes($$$"""{"kind":"{{{kind}}}","apiVersion":"{{{apiVersion}}}","metadata":{"name":"a"}}""") })
        {
            var read = CachedObjectReader.Read(resource, resource.Key("", "a"), value, new(5));
            Assert.Equal(stored, (string?)JsonNode.Parse(read.Json.Span)!["apiVersion"]);
        }
    }

    [Fact]
    public void Claims_of_the_first_beta_are_not_misread()
    {
        var resource = Resource("io.k8s.api.resource.v1.ResourceClaim")!.Stored;
        var value = ProtobufClient.Encode("""{"metadata":{"name":"a"}}""", "io.k8s.api.resource.v1.ResourceClaim", "resource.k8s.io/v1beta1", "ResourceClaim");
        var thrown = Assert.Throws<UnreadableValueException>(() => CachedObjectReader.Read(resource, "/resourceclaims/x/a", value, new(5)));
        Assert.EndsWith("it is of version resource.k8s.io/v1beta1, which this server does not read", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_autoscaler_of_v1_is_converted()
    {
        var resource = Resource("io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler")!.Stored;
        var value = ProtobufClient.Encode(
            """{"metadata":{"name":"a"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":3,"targetCPUUtilizationPercentage":60}}""",
            "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler", "autoscaling/v1", "HorizontalPodAutoscaler");
        var read = JsonNode.Parse(CachedObjectReader.Read(resource, "/horizontalpodautoscalers/x/a", value, new(5)).Json.Span)!;
        Assert.Equal("autoscaling/v2", (string?)read["apiVersion"]);
        Assert.Equal(60, (int?)read["spec"]!["metrics"]![0]!["resource"]!["target"]!["averageUtilization"]);
    }

    [Fact]
    public void A_definition_of_v1beta1_says_for_each_version_what_it_said_for_all()
    {
        var resource = Resource("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition")!.Stored;
        var value = """
            {"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io/v1beta1","metadata":{"name":"w.x.io"},
            "spec":{"group":"x.io","version":"v1","names":{"plural":"w","kind":"W"},"scope":"Namespaced","preserveUnknownFields":false,
            "validation":{"openAPIV3Schema":{"type":"object"}},"subresources":{"status":{}},
            "additionalPrinterColumns":[{"name":"A","type":"string","JSONPath":".spec.a"}],
            "versions":[{"name":"v1","served":true,"storage":true},{"name":"v2","served":true,"storage":false}],
            "conversion":{"strategy":"Webhook","webhookClientConfig":{"url":"https://x"},"conversionReviewVersions":["v1"]}},
            "status":{"storedVersions":["v1"]}}
            """;
        var read = CachedObjectReader.Read(resource, "/apiextensions.k8s.io/customresourcedefinitions/w.x.io", Encoding.UTF8.GetBytes(value), new(5));
        var spec = JsonNode.Parse(read.Json.Span)!["spec"]!.AsObject();
        Assert.Equal("apiextensions.k8s.io/v1", (string?)JsonNode.Parse(read.Json.Span)!["apiVersion"]);
        Assert.All(new[] { "version", "validation", "subresources", "additionalPrinterColumns" }, n => Assert.False(spec.ContainsKey(n)));
        Assert.All(spec["versions"]!.AsArray(), v =>
        {
            Assert.Equal("""{"openAPIV3Schema":{"type":"object"}}""", v!["schema"]!.ToJsonString());
            Assert.Equal("""{"status":{}}""", v["subresources"]!.ToJsonString());
            Assert.Equal("""[{"name":"A","type":"string","jsonPath":".spec.a"}]""", v["additionalPrinterColumns"]!.ToJsonString());
        });
        Assert.Equal(
            """{"strategy":"Webhook","webhook":{"clientConfig":{"url":"https://x"},"conversionReviewVersions":["v1"]}}""",
            spec["conversion"]!.ToJsonString());
    }

    private static ServedResource? Resource(string definition) => s_catalog.Served.FirstOrDefault(s => s.Schema.Definition == definition);

    private static string[][] ReadVectors()
    {
        using var stream = typeof(StoredValueTests).Assembly.GetManifestResourceStream("wire.tsv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t'))];
    }
}
