namespace Pilothouse.Server.Tests.Registry;

/// <summary>Bodies that say they are something else than what the path is about.</summary>
public class WrongKindTests
{
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    private const string NoKind = "cannot be handled as a Deployment: no kind";
    private const string Legacy = "pkg/api/legacyscheme/scheme.go:30";

    [Theory]
    [InlineData(Deployments, "apps/v1beta1", "Deployment", "the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)")]
    [InlineData(Deployments, "extensions/v1beta1", "Deployment", "the API version in the data (extensions/v1beta1) does not match the expected API version (apps/v1)")]
    [InlineData(Deployments, "apps/v9", "Deployment", $"Deployment in version \"v9\" {NoKind} \"Deployment\" is registered for version \"apps/v9\" in scheme \"{Legacy}\"")]
    [InlineData(Deployments, "v1", "List", "List in version \"v1\" cannot be handled as a Deployment: converting (v1.List) to (apps.Deployment): unknown conversion")]
    [InlineData(Deployments, "v1", "Status", "Status in version \"v1\" cannot be handled as a Deployment: converting (v1.Status) to (apps.Deployment): unknown conversion")]
    [InlineData(Deployments, "apps/v1", "DeploymentList", "DeploymentList in version \"v1\" cannot be handled as a Deployment: converting (v1.DeploymentList) to (apps.Deployment): unknown conversion")]
    [InlineData(Deployments, "apps/v1", "DeleteOptions", "DeleteOptions in version \"v1\" cannot be handled as a Deployment: converting (v1.DeleteOptions) to (apps.Deployment): unknown conversion")]
    [InlineData(Deployments, "apiextensions.k8s.io/v1", "CustomResourceDefinition",
        $"CustomResourceDefinition in version \"v1\" {NoKind} \"CustomResourceDefinition\" is registered for version \"apiextensions.k8s.io/v1\" in scheme \"{Legacy}\"")]
    [InlineData("/api/v1/namespaces/default/events", "events.k8s.io/v1", "Event", "the API version in the data (events.k8s.io/v1) does not match the expected API version (v1)")]
    [InlineData("/apis/apiregistration.k8s.io/v1/apiservices", "v1", "Pod",
        "Pod in version \"v1\" cannot be handled as a APIService: no kind \"Pod\" is registered for version \"v1\" in scheme \"pkg/apiserver/scheme/scheme.go:28\"")]
    [InlineData("/api/v1/namespaces/default/pods/x/eviction", "policy/v1beta1", "Pod",
        $"Pod in version \"v1beta1\" cannot be handled as a Eviction: no kind \"Pod\" is registered for version \"policy/v1beta1\" in scheme \"{Legacy}\"")]
    public async Task A_body_of_another_kind_is_refused_by_what_the_scheme_knows_of_it(string path, string apiVersion, string kind, string message)
    {
        await using var server = await TestServer.StartAsync();
        var (code, status, _) = await server.SendAsync("POST", path, $$"""{"apiVersion":"{{apiVersion}}","kind":"{{kind}}"}""");
        Assert.Equal((400, message), (code, (string?)status!["message"]));
    }

    [Theory]
    [InlineData("v1", "Namespace", "/api/v1/namespaces", "", "Namespace")]
    [InlineData("storage.k8s.io/v1", "CSIStorageCapacity", "/apis/storage.k8s.io/v1/namespaces/default/csistoragecapacities", "\"storageClassName\":\"s\",", "Status")]
    [InlineData("storage.k8s.io/v1", "CSIDriver", "/apis/storage.k8s.io/v1/csidrivers", "\"spec\":{},", "CSIDriver")]
    public async Task A_deletion_is_answered_with_the_object_or_a_Status_as_its_kind_has_it(string apiVersion, string kind, string path, string spec, string shown)
    {
        await using var server = await TestServer.StartAsync();
        await server.SendAsync("POST", path, $$$"""{"apiVersion":"{{{apiVersion}}}","kind":"{{{kind}}}",{{{spec}}}"metadata":{"name":"a"}}""");
        if (kind == "Namespace")
            await server.SendAsync("PUT", $"{path}/a/finalize", """{"metadata":{"name":"a"},"spec":{"finalizers":[]}}""");
        var first = await server.SendAsync("DELETE", $"{path}/a");
        Assert.Equal((200, shown), (first.Code, (string?)first.Body!["kind"]));
    }

    [Fact]
    public async Task What_was_not_stored_has_no_revision_in_a_table()
    {
        await using var server = await TestServer.StartAsync();
        var (code, table, _) = await server.SendAsync("POST", "/api/v1/namespaces/default/configmaps?dryRun=All", """{"metadata":{"name":"a"}}""",
            accept: "application/json;as=Table;g=meta.k8s.io;v=v1");
        Assert.Equal((201, "{}"), (code, table!["metadata"]!.ToJsonString()));
    }
}
