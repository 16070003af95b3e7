namespace Pilothouse.Server.Tests.Registry;

/// <summary>log, exec, attach, portforward and proxy: what is wrong with a request is told before anything is connected.</summary>
public sealed class NodeBoundPartsTests : IAsyncLifetime
{
    private const string Namespace = "/api/v1/namespaces/default";
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await Create("pods", """{"metadata":{"name":"two"},"spec":{"initContainers":[{"name":"i","image":"i"}],"containers":[{"name":"c","image":"i"},{"name":"d","image":"i"}]}}""");
        await Create("pods", """{"metadata":{"name":"one"},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}""");
        await Create("services", """{"metadata":{"name":"s"},"spec":{"ports":[{"port":80,"name":"web"},{"port":81,"name":"x"}]}}""");
        await Create("services", """{"metadata":{"name":"alone"},"spec":{"ports":[{"port":80}]}}""");
        await Create("endpoints", """{"metadata":{"name":"s"},"subsets":[{"addresses":[{"ip":"10.0.0.1"}],"ports":[{"port":80,"name":"web"}]}]}""");
        await Create("endpoints", """{"metadata":{"name":"empty"}}""");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("tailLines=x", 400, "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("sinceTime=x", 400, "parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"")]
    [InlineData("tailLines=-1", 422, "PodLogOptions \"two\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("limitBytes=0", 422, "PodLogOptions \"two\" is invalid: limitBytes: Invalid value: 0: must be greater than 0")]
    [InlineData("sinceSeconds=0", 422, "PodLogOptions \"two\" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z", 422,
        "PodLogOptions \"two\" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified")]
    [InlineData("stream=Stdout", 422, "PodLogOptions \"two\" is invalid: stream: Forbidden: may not be specified")]
    [InlineData("", 400, "a container name must be specified for pod two, choose one of: [i c d]")]
    [InlineData("container=zz", 400, "container zz is not valid for pod two")]
    [InlineData("container=i", 204, null)]
    public Task A_log_is_asked_for_with_options_that_make_sense_and_a_container_that_is_there(string query, int code, string? message) =>
        Expect("GET", $"pods/two/log?{query}", code, message);

    [Theory]
    [InlineData("GET", "pods/none/log", 404, "pods \"none\" not found")]
    [InlineData("GET", "pods/none/log?tailLines=-1", 422, "PodLogOptions \"none\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("GET", "pods/one/log", 404, "pods \"n\" not found")]
    [InlineData("POST", "pods/one/exec", 404, "pods \"n\" not found")]
    [InlineData("POST", "pods/two/exec", 400, "a container name must be specified for pod two, choose one of: [i c d]")]
    [InlineData("POST", "pods/two/exec?container=c", 400, "pod two does not have a host assigned")]
    [InlineData("POST", "pods/two/portforward", 400, "pod two does not have a host assigned")]
    [InlineData("GET", "pods/one/proxy/x", 400, "address not allowed")]
    [InlineData("GET", "pods/:one:80/proxy", 400, "address not allowed")]
    [InlineData("GET", "pods/:/proxy", 400, "invalid pod request \":\"")]
    public Task A_pod_is_reached_by_its_node_or_its_address(string method, string path, int code, string message) =>
        Expect(method, path, code, message);

    [Fact]
    public async Task A_node_is_reached_by_an_address_that_it_reports()
    {
        await _server.SendAsync("POST", "/api/v1/nodes", """{"metadata":{"name":"n"}}""");
        await Expect("GET", "pods/one/log", 500, "no preferred addresses found; known addresses: []");
        await _server.SendAsync("PATCH", "/api/v1/nodes/n/status", """{"status":{"addresses":[{"type":"Foo","address":"x"}]}}""", "application/merge-patch+json");
        var (code, body, _) = await _server.SendAsync("GET", "/api/v1/nodes/n/proxy");
        Assert.Equal((500, "no preferred addresses found; known addresses: [{Foo x}]"), (code, (string?)body!["message"]));
    }

    [Theory]
    [InlineData("none", 404, "services \"none\" not found")]
    [InlineData("alone", 404, "services \"alone\" not found")]
    [InlineData("empty", 503, "no endpoints available for service \"empty\"")]
    [InlineData("s:9", 503, "no service port 9 found for service \"s\"")]
    [InlineData("s:81", 503, "no endpoints available for service \"s:81\"")]
    [InlineData("https:s:web", 503, "no endpoints available for service \"https:s:web\"")]
    [InlineData("ftp:s:web", 400, "invalid service request \"ftp:s:web\"")]
    public Task A_service_is_reached_by_endpoints_that_are_pods(string id, int code, string message) =>
        Expect("GET", $"services/{id}/proxy/x", code, message);

    private async Task Create(string resource, string body) => Assert.Equal(201, (await _server.SendAsync("POST", $"{Namespace}/{resource}", body)).Code);

    private async Task Expect(string method, string path, int code, string? message)
    {
        var answer = await _server.SendAsync(method, $"{Namespace}/{path}");
        Assert.Equal((code, message), (answer.Code, (string?)answer.Body?["message"]));
    }
}
