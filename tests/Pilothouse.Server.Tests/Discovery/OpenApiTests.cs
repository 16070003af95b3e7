using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pilothouse.Server.Tests.Discovery;

public sealed class OpenApiTests
{
    private readonly WellKnownClient _client = new();

    [Fact]
    public async Task The_index_leads_to_documents_that_may_be_kept_for_ever()
    {
        var index = await _client.AskAsync("/openapi/v3");
        Assert.Equal("text/plain; charset=utf-8", index.Headers.ContentType);
        var url = index.Json.GetProperty("paths").GetProperty("apis/apps/v1").GetProperty("serverRelativeURL").GetString()!;
        Assert.Matches(@"^/openapi/v3/apis/apps/v1\?hash=[0-9A-F]{128}$", url);
        var document = await _client.AskAsync(url);
        Assert.Equal(200, document.Code);
        Assert.Equal("public, immutable", document.Headers.CacheControl);
        Assert.True(DateTimeOffset.Parse(document.Headers.Expires.ToString()) > TimeProvider.System.GetUtcNow().AddDays(364));
        Assert.Equal($"\"{url[^128..]}\"", document.Headers.ETag);
        Assert.Equal(304, (await _client.AskAsync(url, ifNoneMatch: document.Headers.ETag)).Code);
    }

    [Fact]
    public async Task An_outdated_hash_is_redirected_to_the_current_one()
    {
        var answer = await _client.AskAsync("/openapi/v3/api/v1?hash=OLD");
        Assert.Equal(301, answer.Code);
        Assert.Matches(@"^/openapi/v3/api/v1\?hash=[0-9A-F]{128}$", answer.Headers.Location.ToString());
    }

    [Fact]
    public async Task Documents_that_there_are_not_are_404_and_types_that_are_not_served_406()
    {
        Assert.Equal(404, (await _client.AskAsync("/openapi/v3/apis/nogroup.example/v1")).Code);
        Assert.Equal(406, (await _client.AskAsync("/openapi/v3/api/v1", "text/plain")).Code);
        Assert.Equal(406, (await _client.AskAsync("/openapi/v2", "text/plain")).Code);
    }

    [Fact]
    public async Task References_with_siblings_are_wrapped_in_v3_only()
    {
        var v3 = Definition(await _client.ReadAsync("/openapi/v3/api/v1"), "io.k8s.api.core.v1.ConfigMap").GetProperty("properties").GetProperty("metadata");
        Assert.Equal("{}", v3.GetProperty("default").GetRawText());
        Assert.Equal(
            """[{"$ref":"#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}]""", v3.GetProperty("allOf").GetRawText());
        var v2 = (await _client.ReadAsync("/openapi/v2")).GetProperty("definitions").GetProperty("io.k8s.api.core.v1.ConfigMap")
            .GetProperty("properties").GetProperty("metadata");
        Assert.Equal("#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", v2.GetProperty("$ref").GetString());
        Assert.False(v2.TryGetProperty("default", out _));
        Assert.StartsWith("Standard object's metadata.", v2.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_say_how_they_merge()
    {
        var ports = Definition(await _client.ReadAsync("/openapi/v3/api/v1"), "io.k8s.api.core.v1.ServiceSpec").GetProperty("properties").GetProperty("ports");
        Assert.Equal("map", ports.GetProperty("x-kubernetes-list-type").GetString());
        Assert.Equal("""["port","protocol"]""", ports.GetProperty("x-kubernetes-list-map-keys").GetRawText());
        Assert.Equal("port", ports.GetProperty("x-kubernetes-patch-merge-key").GetString());
        Assert.Equal("merge", ports.GetProperty("x-kubernetes-patch-strategy").GetString());
    }

    [Fact]
    public async Task An_operation_names_its_kind_its_action_and_its_answers()
    {
        var document = await _client.ReadAsync("/openapi/v3/apis/coordination.k8s.io/v1");
        var path = document.GetProperty("paths").GetProperty("/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{name}");
        var get = path.GetProperty("get");
        Assert.Equal("readCoordinationV1NamespacedLease", get.GetProperty("operationId").GetString());
        Assert.Equal("get", get.GetProperty("x-kubernetes-action").GetString());
        Assert.Equal("""{"group":"coordination.k8s.io","kind":"Lease","version":"v1"}""", get.GetProperty("x-kubernetes-group-version-kind").GetRawText());
        Assert.False(get.TryGetProperty("parameters", out _));
        Assert.Equal(["name", "namespace", "pretty"], Names(path));
        Assert.Equal(["dryRun", "fieldManager", "fieldValidation", "force"], Names(path.GetProperty("patch")));
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_operation_has_an_id_of_its_own()
    {
        var ids = new HashSet<string>();
        foreach (var entry in (await _client.ReadAsync("/openapi/v3")).GetProperty("paths").EnumerateObject())
        {
            var text = (await _client.AskAsync("/openapi/v3/" + entry.Name)).Text;
            using var document = JsonDocument.Parse(text);
            foreach (Match reference in Regex.Matches(text, "\"#/components/schemas/(?<name>[^\"]+)\"", RegexOptions.NonBacktracking))
                Assert.True(Definition(document.RootElement, reference.Groups["name"].Value).ValueKind == JsonValueKind.Object);
            foreach (Match id in Regex.Matches(text, "\"operationId\":\"(?<name>[^\"]+)\"", RegexOptions.NonBacktracking))
                Assert.True(ids.Add(id.Groups["name"].Value), id.Value);
        }
        Assert.Superset(
            new HashSet<string>
            {
                "listCoreV1PodForAllNamespaces", "deleteAppsV1CollectionNamespacedDeployment", "watchCoreV1NodeList", "getAppsV1APIResources",
                "readAppsV1NamespacedDeploymentScale", "createCoreV1NamespacedPodEviction", "connectCoreV1PutNamespacedPodProxyWithPath",
                "replaceCoreV1NamespaceFinalize", "patchRbacAuthorizationV1ClusterRole", "getFlowcontrolApiserverAPIGroup", "readCoreV1NamespacedPodLog",
            },
            ids);
    }

    [Fact]
    public async Task Kubectl_gets_the_v2_document_as_protobuf()
    {
        foreach (var accept in (string[])["application/com.github.proto-openapi.spec.v2@v1.0+protobuf", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"])
        {
            var answer = await _client.AskAsync("/openapi/v2", accept);
            Assert.Equal("application/com.github.proto-openapi.spec.v2.v1.0+protobuf", answer.Headers.ContentType);
            // Field 1, a text: the version of Swagger.
            Assert.Equal([0x0a, 3, (byte)'2', (byte)'.', (byte)'0'], answer.Body[..5]);
        }
    }

    private static JsonElement Definition(JsonElement document, string name) =>
        document.GetProperty("components").GetProperty("schemas").GetProperty(name);

    private static string?[] Names(JsonElement of) =>
        [.. of.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString())];
}
