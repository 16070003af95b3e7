using System.Text.Json;

namespace Pilothouse.Server.Tests.Discovery;

public sealed class DiscoveryTests
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private const string AggregatedBeta = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

    private readonly WellKnownClient _client = new();

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/")]
    public async Task The_core_groups_versions_come_with_the_servers_address(string path)
    {
        var answer = await _client.AskAsync(path);
        Assert.Equal(
            """{"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[{"clientCIDR":"0.0.0.0/0","serverAddress":"192.0.2.1:6443"}]}""",
            answer.Text);
    }

    [Fact]
    public async Task Groups_come_in_the_order_of_their_priority()
    {
        var groups = await _client.ReadAsync("/apis");
        Assert.Equal("APIGroupList", groups.GetProperty("kind").GetString());
        string?[] names = [.. groups.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("name").GetString())];
        Assert.Equal(["apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io"], names[..4]);
        Assert.Equal("flowcontrol.apiserver.k8s.io", names[^1]);
        Assert.DoesNotContain("storagemigration.k8s.io", names);
    }

    [Fact]
    public async Task A_group_names_its_preferred_version_first()
    {
        Assert.Equal(
            """{"kind":"APIGroup","apiVersion":"v1","name":"autoscaling","versions":[{"groupVersion":"autoscaling/v2","version":"v2"},{"groupVersion":"autoscaling/v1","version":"v1"}],"preferredVersion":{"groupVersion":"autoscaling/v2","version":"v2"}}""",
            (await _client.AskAsync("/apis/autoscaling")).Text);
    }

    [Fact]
    public async Task Resources_are_listed_with_their_subresources()
    {
        var list = await _client.AskAsync("/apis/apps/v1");
        Assert.StartsWith("""{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"apps/v1","resources":[""", list.Text, StringComparison.Ordinal);
        Assert.Contains(
            """{"name":"deployments/scale","singularName":"","namespaced":true,"group":"autoscaling","version":"v1","kind":"Scale","verbs":["get","patch","update"]}""",
            list.Text, StringComparison.Ordinal);
        Assert.Contains(
            """["create","delete","deletecollection","get","list","patch","update","watch"],"shortNames":["deploy"],"categories":["all"],"storageVersionHash":"8aSe+NMegvE="}""",
            list.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_core_groups_list_has_no_apiVersion() =>
        Assert.StartsWith("""{"kind":"APIResourceList","groupVersion":"v1" """.TrimEnd(), (await _client.AskAsync("/api/v1")).Text, StringComparison.Ordinal);

    [Fact]
    public async Task Aggregated_discovery_has_an_ETag_that_saves_a_second_transfer()
    {
        var first = await _client.AskAsync("/apis", $"{Aggregated},{AggregatedBeta},application/json");
        Assert.Equal(Aggregated, first.Headers.ContentType);
        Assert.Equal("public", first.Headers.CacheControl);
        Assert.Matches("^\"[0-9A-F]{128}\"$", first.Headers.ETag.ToString());
        var again = await _client.AskAsync("/apis", Aggregated, ifNoneMatch: first.Headers.ETag);
        Assert.Equal(304, again.Code);
        Assert.Empty(again.Body);
        Assert.Equal(200, (await _client.AskAsync("/apis", Aggregated, ifNoneMatch: "\"wrong\"")).Code);
    }

    [Fact]
    public async Task Aggregated_discovery_of_the_core_group_has_no_name()
    {
        var list = await _client.ReadAsync("/api", Aggregated);
        var group = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal("{}", group.GetProperty("metadata").GetRawText());
        Assert.Contains(
            group.GetProperty("versions")[0].GetProperty("resources").EnumerateArray(),
            r => r.GetProperty("resource").GetString() == "pods" && r.GetProperty("scope").GetString() == "Namespaced");
    }

    [Fact]
    public async Task Clients_that_know_only_the_old_aggregated_form_fall_back_to_the_plain_list()
    {
        Assert.Equal("APIGroupList", (await _client.ReadAsync("/apis", $"{AggregatedBeta},application/json")).GetProperty("kind").GetString());
        Assert.Equal(406, (await _client.AskAsync("/api", AggregatedBeta)).Code);
    }

    [Theory]
    [InlineData("/apis/apps/v1", Aggregated)]
    [InlineData("/apis/apps", Aggregated)]
    [InlineData("/api/v1", "application/json;as=Table;g=meta.k8s.io;v=v1")]
    [InlineData("/apis", "text/html")]
    public async Task What_cannot_be_said_in_an_accepted_form_is_406(string path, string accept)
    {
        var answer = await _client.AskAsync(path, accept);
        Assert.Equal(406, answer.Code);
        Assert.Equal(
            "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf",
            answer.Json.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Discovery_is_said_in_YAML_too()
    {
        var answer = await _client.AskAsync("/apis/autoscaling", "application/yaml");
        Assert.Equal("application/yaml", answer.Headers.ContentType);
        Assert.Contains("name: autoscaling\n", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_documents_are_compressed_for_those_who_ask()
    {
        var answer = await _client.AskAsync("/apis", Aggregated, acceptEncoding: "gzip, br");
        Assert.Equal("gzip", answer.Headers.ContentEncoding);
        using var gzip = new System.IO.Compression.GZipStream(
            new MemoryStream(answer.Body), System.IO.Compression.CompressionMode.Decompress);
        using var plain = JsonDocument.Parse(gzip);
        Assert.Equal("APIGroupDiscoveryList", plain.RootElement.GetProperty("kind").GetString());
        Assert.Empty((await _client.AskAsync("/apis", Aggregated, acceptEncoding: "gzip;q=0")).Headers.ContentEncoding.ToString());
    }

    [Theory]
    [InlineData("/apis/nogroup.example")]
    [InlineData("/apis/nogroup.example/v1/things")]
    [InlineData("/foo")]
    [InlineData("/readyz/nosuch")]
    public async Task Paths_of_nobody_are_404_in_plain_text(string path)
    {
        var answer = await _client.AskAsync(path);
        Assert.Equal(404, answer.Code);
        Assert.Equal("text/plain; charset=utf-8", answer.Headers.ContentType);
        Assert.Equal("404 page not found\n", answer.Text);
    }

    [Theory]
    [InlineData("/api/v2")]
    [InlineData("/api/v2/pods")]
    [InlineData("/apis/apps/v9")]
    [InlineData("/apis/apps/v9/deployments")]
    [InlineData("/apis/apps/v1/nothings")]
    public async Task Paths_below_a_served_group_are_404_as_a_Status(string path)
    {
        var answer = await _client.AskAsync(path);
        Assert.Equal(404, answer.Code);
        Assert.Equal("the server could not find the requested resource", answer.Json.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("/api", 405)]
    [InlineData("/apis/apps/v1", 405)]
    [InlineData("/version", 405)]
    [InlineData("/apis", 200)]
    [InlineData("/healthz", 200)]
    public async Task Some_paths_answer_any_method(string path, int code) =>
        Assert.Equal(code, (await _client.AskAsync(path, method: "POST")).Code);

    [Fact]
    public async Task The_version_is_one_that_clients_understand()
    {
        var version = await _client.ReadAsync("/version");
        Assert.Equal("36", version.GetProperty("minor").GetString());
        Assert.Equal("35", version.GetProperty("minCompatibilityMinor").GetString());
        Assert.Matches(@"^v1\.36\.\d+\+pilothouse$", version.GetProperty("gitVersion").GetString());
    }

    [Fact]
    public async Task The_root_lists_the_paths()
    {
        var paths = (await _client.ReadAsync("/")).GetProperty("paths").EnumerateArray().Select(p => p.GetString()).ToList();
        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
        Assert.Contains("/apis/apps/v1", paths);
        Assert.Contains("/readyz/ping", paths);
        Assert.Contains("/openapi/v3", paths);
    }
}
