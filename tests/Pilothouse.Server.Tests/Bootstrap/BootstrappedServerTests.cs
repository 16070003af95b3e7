using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Bootstrap;
using Pilothouse.Server.Services;

namespace Pilothouse.Server.Tests.Bootstrap;

public sealed class BootstrappedServerTests
{
    private static Task<TestServer> StartAsync() => TestServer.StartAsync(parts =>
    {
        IPNetwork[] ranges = [IPNetwork.Parse("10.96.0.0/16")];
        var allocator = new ServiceAllocator(parts.Resources.BuiltIn, parts.Store, parts.Caches, ranges, (30000, 2768), parts.Time);
        var options = new BootstrapOptions { AdvertiseAddress = IPAddress.Parse("192.0.2.7"), AdvertisePort = () => 6443, ServiceRanges = ranges };
        var bootstrap = new ClusterBootstrap(
            parts.Resources.BuiltIn, parts.Store, parts.Caches, allocator, options, parts.Time, parts.Logging.CreateLogger<ClusterBootstrap>());
        var plugins = AdmissionPlugins.Enabled([], []);
        var (mutating, validating) = AdmissionPlugins.Make(plugins, new()
        {
            Resources = parts.Resources,
            Caches = parts.Caches,
            Store = parts.Store,
            Authorizer = new AuthorizerChain(parts.Authorizers),
            Time = parts.Time,
            Logging = parts.Logging,
        });
        return parts with
        {
            ServiceAllocator = allocator,
            Background = [bootstrap.RunAsync],
            MutatingAdmission = mutating,
            ValidatingAdmission = validating,
        };
    });

    /// <summary>The last thing that is made when a server starts on an empty store.</summary>
    private static async Task<JsonObject> WaitAsync(TestServer server, string path)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (code, body, _) = await server.SendAsync("GET", path);
            if (code == 200 || attempt == 200)
            {
                Assert.Equal(200, code);
                return (JsonObject)body!;
            }
            await Task.Delay(25);
        }
    }

    private static Task<TestServer> ReadyAsync() => ReadyAsync(StartAsync());

    private static async Task<TestServer> ReadyAsync(Task<TestServer> starting)
    {
        var server = await starting;
        await WaitAsync(server, "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes");
        return server;
    }

    [Fact]
    public async Task A_new_cluster_has_its_namespaces_and_the_service_of_the_api()
    {
        await using var server = await ReadyAsync();
        var namespaces = (await server.SendAsync("GET", "/api/v1/namespaces")).Body!["items"]!.AsArray();
        Assert.Equal(["default", "kube-node-lease", "kube-public", "kube-system"], namespaces.Select(n => n!["metadata"]!["name"]!.GetValue<string>()));
        var service = (await server.SendAsync("GET", "/api/v1/namespaces/default/services/kubernetes")).Body!;
        Assert.Equal("10.96.0.1", service["spec"]!["clusterIP"]!.GetValue<string>());
        var slice = (await server.SendAsync("GET", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes")).Body!;
        Assert.Equal("192.0.2.7", slice["endpoints"]![0]!["addresses"]![0]!.GetValue<string>());
        Assert.Equal(200, (await server.SendAsync("GET", "/apis/networking.k8s.io/v1/ipaddresses/10.96.0.1")).Code);
    }

    [Fact]
    public async Task Some_namespaces_never_go_and_nothing_is_made_in_those_that_are_not_there()
    {
        await using var server = await ReadyAsync();
        var (code, body, _) = await server.SendAsync("DELETE", "/api/v1/namespaces/default");
        Assert.Equal((403, "namespaces \"default\" is forbidden: this namespace may not be deleted"), (code, body!["message"]!.GetValue<string>()));
        (code, body, _) = await server.SendAsync("POST", "/api/v1/namespaces/none/configmaps", """{"metadata":{"name":"c"}}""");
        Assert.Equal((404, "namespaces \"none\" not found"), (code, body!["message"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_pod_runs_as_a_service_account_with_its_token()
    {
        await using var server = await ReadyAsync();
        const string Pod = """{"metadata":{"name":"p"},"spec":{"serviceAccountName":"builder","containers":[{"name":"c","image":"i"}]}}""";
        var (code, body, _) = await server.SendAsync("POST", "/api/v1/namespaces/default/pods", Pod);
        Assert.Equal(403, code);
        Assert.Equal(
            "pods \"p\" is forbidden: error looking up service account default/builder: serviceaccount \"builder\" not found",
            body!["message"]!.GetValue<string>());
        Assert.Equal(201, (await server.SendAsync("POST", "/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"builder"}}""")).Code);
        (code, body, _) = await server.SendAsync("POST", "/api/v1/namespaces/default/pods", Pod);
        Assert.Equal(201, code);
        Assert.StartsWith("kube-api-access-", body!["spec"]!["volumes"]![0]!["name"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(2, body["spec"]!["tolerations"]!.AsArray().Count);
        Assert.Equal(0, body["spec"]!["priority"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_service_gets_an_address_and_gives_it_back()
    {
        await using var server = await ReadyAsync();
        const string Path = "/api/v1/namespaces/default/services";
        var (code, body, _) = await server.SendAsync("POST", Path, """{"metadata":{"name":"s"},"spec":{"type":"NodePort","selector":{"a":"b"},"ports":[{"port":80}]}}""");
        Assert.Equal(201, code);
        var address = body!["spec"]!["clusterIP"]!.GetValue<string>();
        Assert.InRange(body["spec"]!["ports"]![0]!["nodePort"]!.GetValue<int>(), 30000, 32767);
        Assert.Equal(200, (await server.SendAsync("GET", "/apis/networking.k8s.io/v1/ipaddresses/" + address)).Code);
        Assert.Equal(200, (await server.SendAsync("DELETE", Path + "/s")).Code);
        Assert.Equal(404, (await server.SendAsync("GET", "/apis/networking.k8s.io/v1/ipaddresses/" + address)).Code);
    }
}
