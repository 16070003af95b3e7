using System.Text.Json.Nodes;
using Pilothouse.Server.Admission;

namespace Pilothouse.Server.Tests.Admission;

/// <summary>Plugins that run only where they are switched on, each alone.</summary>
public sealed class OptInPluginTests
{
    private const string Pods = "/api/v1/namespaces/n/pods";

    private static string Pod(string spec = "", string container = "") =>
        $$$$$"""{"metadata":{"name":"p"},"spec":{{{{{{spec}}}}}"containers":[{"name":"c","image":"i:1"{{{{{container}}}}}}]}}""";

    [Fact]
    public async Task AlwaysPullImages_pulls_whatever_was_said()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "AlwaysPullImages");
        var (code, pod, _) = await server.SendAsync("POST", Pods, Pod(container: ",\"imagePullPolicy\":\"Never\""));
        Assert.Equal(201, code);
        Assert.Equal("Always", (string?)pod!["spec"]!["containers"]![0]!["imagePullPolicy"]);
    }

    [Fact]
    public async Task AlwaysDeny_denies_everything_but_reads()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "AlwaysDeny");
        var (code, body, _) = await server.SendAsync("POST", Pods, Pod());
        Assert.Equal(403, code);
        Assert.Equal("pods \"p\" is forbidden: admission control is denying all modifications", (string?)body!["message"]);
        Assert.Equal(200, (await server.SendAsync("GET", Pods)).Code);
    }

    [Fact]
    public async Task DenyServiceExternalIPs_lets_old_ones_stay()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "DenyServiceExternalIPs");
        var (code, body, _) = await server.SendAsync(
            "POST", "/api/v1/namespaces/n/services",
            """{"metadata":{"name":"s"},"spec":{"type":"ExternalName","externalName":"a.b","externalIPs":["203.0.113.7"]}}""");
        Assert.Equal(403, code);
        Assert.Equal("services \"s\" is forbidden: Use of external IPs is denied by admission control", (string?)body!["message"]);
    }

    [Fact]
    public async Task ExtendedResourceToleration_tolerates_what_is_asked_for()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "ExtendedResourceToleration");
        var (_, pod, _) = await server.SendAsync("POST", Pods, Pod(container: ",\"resources\":{\"limits\":{\"example.com/gpu\":\"1\"}}"));
        Assert.Equal(
            """[{"key":"example.com/gpu","operator":"Exists","effect":"NoSchedule"}]""", pod!["spec"]!["tolerations"]!.ToJsonString());
    }

    [Fact]
    public async Task LimitPodHardAntiAffinityTopology_keeps_pods_from_claiming_zones()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "LimitPodHardAntiAffinityTopology");
        static string Spec(string key) =>
            $"\"affinity\":{{\"podAntiAffinity\":{{\"requiredDuringSchedulingIgnoredDuringExecution\":[{{\"topologyKey\":\"{key}\",\"labelSelector\":{{\"matchLabels\":{{\"a\":\"b\"}}}}}}]}}}},";
        Assert.Equal(201, (await server.SendAsync("POST", Pods + "?dryRun=All", Pod(Spec("kubernetes.io/hostname")))).Code);
        var (code, body, _) = await server.SendAsync("POST", Pods, Pod(Spec("zone")));
        Assert.Equal(403, code);
        Assert.Equal(
            "pods \"p\" is forbidden: affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey zone but only key kubernetes.io/hostname is allowed",
            (string?)body!["message"]);
    }

    [Fact]
    public async Task NamespaceAutoProvision_makes_the_namespace_that_NamespaceLifecycle_wants()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "NamespaceAutoProvision", "NamespaceLifecycle");
        Assert.Equal(201, (await server.SendAsync("POST", Pods, Pod())).Code);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/v1/namespaces/n")).Code);
        server.AssertNoFaults();
    }

    [Fact]
    public async Task NamespaceExists_asks_for_a_namespace()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "NamespaceExists");
        var (code, body, _) = await server.SendAsync("POST", Pods, Pod());
        Assert.Equal(404, code);
        Assert.Equal("namespaces \"n\" not found", (string?)body!["message"]);
    }

    [Fact]
    public async Task PodNodeSelector_merges_the_namespaces_selector_and_refuses_what_conflicts()
    {
        var configuration = AdmissionConfiguration.Of("PodNodeSelector", JsonNode.Parse(
            """{"podNodeSelectorPluginConfig":{"clusterDefaultNodeSelector":"zone=z","m":"zone=z"}}""")!.AsObject());
        await using var server = await TestServer.WithAdmissionAsync(configuration, "PodNodeSelector");
        await server.SendAsync(
            "POST", "/api/v1/namespaces", """{"metadata":{"name":"n","annotations":{"scheduler.alpha.kubernetes.io/node-selector":"disk=ssd, env=prod"}}}""");
        await server.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"m"}}""");
        var (_, pod, _) = await server.SendAsync("POST", Pods, Pod("\"nodeSelector\":{\"env\":\"prod\"},"));
        Assert.Equal("ssd", (string?)pod!["spec"]!["nodeSelector"]!["disk"]);
        var (code, body, _) = await server.SendAsync("POST", Pods, Pod("\"nodeSelector\":{\"env\":\"test\"},"));
        Assert.Equal(403, code);
        Assert.Equal("pods \"p\" is forbidden: pod node label selector conflicts with its namespace node label selector", (string?)body!["message"]);
        (code, body, _) = await server.SendAsync("POST", "/api/v1/namespaces/m/pods", Pod("\"nodeSelector\":{\"env\":\"test\"},"));
        Assert.Equal(403, code);
        Assert.Equal("pods \"p\" is forbidden: pod node label selector labels conflict with its namespace whitelist", (string?)body!["message"]);
    }

    [Fact]
    public async Task PodTolerationRestriction_adds_and_bounds_tolerations()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "PodTolerationRestriction");
        await server.SendAsync(
            "POST", "/api/v1/namespaces",
            """
            {"metadata":{"name":"n","annotations":{
              "scheduler.alpha.kubernetes.io/defaultTolerations":"[{\"key\":\"a\",\"operator\":\"Exists\"}]",
              "scheduler.alpha.kubernetes.io/tolerationsWhitelist":"[{\"key\":\"a\",\"operator\":\"Exists\"}]"}}}
            """);
        var (code, pod, _) = await server.SendAsync("POST", Pods, Pod("\"tolerations\":[{\"key\":\"a\",\"operator\":\"Exists\",\"effect\":\"NoSchedule\"}],"));
        Assert.Equal(201, code);
        Assert.Equal("""[{"key":"a","operator":"Exists"}]""", pod!["spec"]!["tolerations"]!.ToJsonString());
        (code, var body, _) = await server.SendAsync("POST", Pods, Pod("\"tolerations\":[{\"key\":\"b\",\"operator\":\"Exists\"}],"));
        Assert.Equal(500, code);
        Assert.Equal(
            "pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist", (string?)body!["message"]);
    }

    [Fact]
    public async Task EventRateLimit_bounds_events_by_namespace()
    {
        var configuration = AdmissionConfiguration.Of("EventRateLimit", JsonNode.Parse(
            """{"limits":[{"type":"Namespace","qps":1,"burst":2}]}""")!.AsObject());
        await using var server = await TestServer.WithAdmissionAsync(configuration, "EventRateLimit");
        static string Event(int i, string ns) => $$$"""{"metadata":{"name":"e{{{i}}}"},"involvedObject":{"namespace":"{{{ns}}}"}}""";
        var codes = new List<int>();
        for (var i = 0; i < 4; i++)
            codes.Add((await server.SendAsync("POST", "/api/v1/namespaces/n/events", Event(i, "n"))).Code);
        Assert.Equal([201, 201], codes.Take(2));
        Assert.Contains(429, codes);
        Assert.Equal(201, (await server.SendAsync("POST", "/api/v1/namespaces/m/events", Event(0, "m"))).Code);
    }

    [Fact]
    public async Task PersistentVolumeClaimResize_lets_bound_claims_of_growing_classes_grow()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "PersistentVolumeClaimResize");
        const string claims = "/api/v1/namespaces/n/persistentvolumeclaims";
        await server.SendAsync(
            "POST", claims,
            """{"metadata":{"name":"c"},"spec":{"storageClassName":"g","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
        const string grow = """{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}""";
        var (code, body, _) = await server.SendAsync("PATCH", claims + "/c", grow, "application/merge-patch+json");
        Assert.True(code is 403 or 422, body?.ToJsonString());
        await server.SendAsync("PATCH", claims + "/c", """{"spec":{"volumeName":"v"}}""", "application/merge-patch+json");
        await server.SendAsync("PATCH", claims + "/c/status", """{"status":{"phase":"Bound"}}""", "application/merge-patch+json");
        (code, body, _) = await server.SendAsync("PATCH", claims + "/c", grow, "application/merge-patch+json");
        Assert.Equal(403, code);
        Assert.Equal(
            "persistentvolumeclaims \"c\" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
            (string?)body!["message"]);
        await server.SendAsync("POST", "/apis/storage.k8s.io/v1/storageclasses", """{"metadata":{"name":"g"},"provisioner":"p","allowVolumeExpansion":true}""");
        await server.SendAsync("GET", "/apis/storage.k8s.io/v1/storageclasses");
        Assert.Equal(200, (await server.SendAsync("PATCH", claims + "/c", grow, "application/merge-patch+json")).Code);
    }

    [Fact]
    public async Task PodTopologyLabels_come_with_the_binding()
    {
        await using var server = await TestServer.WithAdmissionAsync(null, "PodTopologyLabels");
        await server.SendAsync(
            "POST", "/api/v1/nodes", """{"metadata":{"name":"node","labels":{"topology.kubernetes.io/zone":"z","topology.kubernetes.io/region":"r","other":"o"}}}""");
        await server.SendAsync("POST", Pods, Pod());
        await server.SendAsync("GET", "/api/v1/nodes");
        Assert.Equal(201, (await server.SendAsync("POST", Pods + "/p/binding", """{"metadata":{"name":"p"},"target":{"kind":"Node","name":"node"}}""")).Code);
        var (_, pod, _) = await server.SendAsync("GET", Pods + "/p");
        Assert.Equal("z", (string?)pod!["metadata"]!["labels"]!["topology.kubernetes.io/zone"]);
        Assert.Null(pod["metadata"]!["labels"]!["other"]);
    }
}
