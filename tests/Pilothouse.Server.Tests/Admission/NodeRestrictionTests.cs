using System.Text.Json.Nodes;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Tests.Authorization;

namespace Pilothouse.Server.Tests.Admission;

public sealed class NodeRestrictionTests
{
    private const string Kubelet = "system:node:n1/system:nodes";

    private static Task<AuthorizedServer> StartAsync() =>
        AuthorizedServer.StartAsync(parts => parts with { MutatingAdmission = [new NodeRestriction()] });

    private static async Task<string> CreateNodeAsync(AuthorizedServer server, string name)
    {
        await server.CreateAsync("/api/v1/nodes", $$$"""{"metadata":{"name":"{{{name}}}"}}""");
        return (await server.SendAsync("GET", $"/api/v1/nodes/{name}")).Body!["metadata"]!["uid"]!.GetValue<string>();
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"n1","labels":{"kubernetes.io/hostname":"h","node.kubernetes.io/x":"y","mine":"z","a.kubelet.kubernetes.io/b":"c"}}}""", 201, "")]
    [InlineData("""{"metadata":{"name":"n2"}}""", 403, "nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node \"n2\"")]
    [InlineData("""{"metadata":{"name":"n1","labels":{"x.node-restriction.kubernetes.io/a":"b","k8s.io/role":"c","kubernetes.io/arch":"d"}}}""", 403, "nodes \"n1\" is forbidden: node \"n1\" is not allowed to set the following labels: k8s.io/role, x.node-restriction.kubernetes.io/a")]
    public async Task A_kubelet_registers_itself_with_harmless_labels(string node, int code, string text)
    {
        await using var server = await StartAsync();
        var (answer, body) = await server.SendAsync("POST", "/api/v1/nodes", Kubelet, node);
        Assert.Equal((code, text), (answer, AuthorizedServer.MessageOf(body)));
    }

    [Fact]
    public async Task A_kubelet_changes_its_own_node_but_not_what_steers_workloads()
    {
        await using var server = await StartAsync();
        await CreateNodeAsync(server, "n1");
        await CreateNodeAsync(server, "n2");
        const string Merge = "application/merge-patch+json";
        Assert.Equal(200, (await server.SendAsync("PATCH", "/api/v1/nodes/n1", Kubelet, """{"metadata":{"labels":{"mine":"1"}}}""", Merge)).Code);
        foreach (var (node, patch, text) in ((string, string, string)[])
            [
                ("n1", """{"metadata":{"labels":{"kubernetes.io/role":"master"}}}""", "nodes \"n1\" is forbidden: is not allowed to modify labels: kubernetes.io/role"),
                ("n1", """{"spec":{"taints":[{"key":"k","effect":"NoSchedule"}]}}""", "nodes \"n1\" is forbidden: node \"n1\" is not allowed to modify taints"),
                ("n2", """{"metadata":{"labels":{"mine":"1"}}}""", "nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node \"n2\""),
            ])
        {
            var (code, body) = await server.SendAsync("PATCH", $"/api/v1/nodes/{node}", Kubelet, patch, Merge);
            Assert.Equal((403, text), (code, AuthorizedServer.MessageOf(body)));
        }
    }

    [Fact]
    public async Task A_kubelet_makes_objects_of_its_static_pods_alone()
    {
        await using var server = await StartAsync();
        var uid = await CreateNodeAsync(server, "n1");
        const string Path = "/api/v1/namespaces/a/pods";
        var good = (JsonObject)JsonNode.Parse($$$"""
            {"metadata":{"name":"p","annotations":{"kubernetes.io/config.mirror":"x"},"ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"n1","uid":"{{{uid}}}","controller":true}]},
             "spec":{"nodeName":"n1","containers":[{"name":"c","image":"i"}]}}
            """)!;
        foreach (var (edit, text) in ((Action<JsonObject>, string)[])
            [
                (p => p["metadata"]!["annotations"] = null, "pod does not have \"kubernetes.io/config.mirror\" annotation, node \"n1\" can only create mirror pods"),
                (p => p["spec"]!["nodeName"] = "n2", "node \"n1\" can only create pods with spec.nodeName set to itself"),
                (p => p["metadata"]!["ownerReferences"] = null, "node \"n1\" can only create pods with an owner reference set to itself"),
                (p => p["metadata"]!["ownerReferences"]![0]!["controller"] = false, "node \"n1\" can only create pods with a controller owner reference set to itself"),
                (p => p["metadata"]!["ownerReferences"]![0]!["uid"] = "other", $"node n1 UID mismatch: expected other got {uid}"),
                (p => p["spec"]!["serviceAccountName"] = "bot", "node \"n1\" can not create pods that reference a service account"),
                (p => p["spec"]!["volumes"] = JsonNode.Parse("""[{"name":"v","secret":{"secretName":"s"}}]"""), "node \"n1\" can not create pods that reference secrets"),
                (p => p["spec"]!["volumes"] = JsonNode.Parse("""[{"name":"v","configMap":{"name":"s"}}]"""), "node \"n1\" can not create pods that reference configmaps"),
                (p => p["spec"]!["volumes"] = JsonNode.Parse("""[{"name":"v","persistentVolumeClaim":{"claimName":"s"}}]"""), "node \"n1\" can not create pods that reference persistentvolumeclaims"),
            ])
        {
            var pod = (JsonObject)good.DeepClone();
            edit(pod);
            var (code, body) = await server.SendAsync("POST", Path, Kubelet, pod.ToJsonString());
            Assert.Equal((403, $"pods \"p\" is forbidden: {text}"), (code, AuthorizedServer.MessageOf(body)));
        }
        Assert.Equal(201, (await server.SendAsync("POST", Path, Kubelet, good.ToJsonString())).Code);
        Assert.Equal(200, (await server.SendAsync("DELETE", Path + "/p?gracePeriodSeconds=0", Kubelet)).Code);

        await server.CreateAsync(Path, """{"metadata":{"name":"q"},"spec":{"nodeName":"n2","containers":[{"name":"c","image":"i"}]}}""");
        var (refused, answer) = await server.SendAsync("DELETE", Path + "/q", Kubelet);
        Assert.Equal(
            (403, "pods \"q\" is forbidden: node \"n1\" can only delete pods with spec.nodeName set to itself"),
            (refused, AuthorizedServer.MessageOf(answer)));
        (refused, answer) = await server.SendAsync("PATCH", Path + "/q/status", Kubelet, """{"status":{"phase":"Running"}}""", "application/merge-patch+json");
        Assert.Equal(
            (403, "pods \"q\" is forbidden: node \"n1\" can only update pod status for pods with spec.nodeName set to itself"),
            (refused, AuthorizedServer.MessageOf(answer)));
    }

    [Fact]
    public async Task A_kubelet_has_one_lease()
    {
        await using var server = await StartAsync();
        const string Path = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
        Assert.Equal(201, (await server.SendAsync("POST", Path, Kubelet, """{"metadata":{"name":"n1"},"spec":{"holderIdentity":"n1","leaseDurationSeconds":40}}""")).Code);
        var (code, body) = await server.SendAsync("POST", Path, Kubelet, """{"metadata":{"name":"n2"},"spec":{"holderIdentity":"n1","leaseDurationSeconds":40}}""");
        Assert.Equal(
            (403, "leases.coordination.k8s.io \"n2\" is forbidden: can only access node lease with the same name as the requesting node"),
            (code, AuthorizedServer.MessageOf(body)));
    }

    [Fact]
    public async Task Who_makes_an_object_depend_on_an_owner_must_be_allowed_to_delete_it()
    {
        await using var server = await AuthorizedServer.StartAsync(parts => parts with
        {
            ValidatingAdmission = [new OwnerReferencesPermissionEnforcement(parts.Resources, new AuthorizerChain(parts.Authorizers))],
        });
        const string Path = "/api/v1/namespaces/a/configmaps";
        static string Map(string extra) =>
            $$$"""{"metadata":{"name":"m","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"o","uid":"u"{{{extra}}}}]}}""";
        await server.GrantAsync("alice", """[{"verbs":["create"],"apiGroups":[""],"resources":["configmaps"]}]""");
        var (code, body) = await server.SendAsync("POST", Path, "alice", Map(""));
        Assert.Equal((403, "configmaps \"m\" is forbidden: cannot set an ownerRef on a resource you can't delete: , <nil>"), (code, AuthorizedServer.MessageOf(body)));
        await server.GrantAsync("alice", """[{"verbs":["delete"],"apiGroups":[""],"resources":["configmaps"]}]""");
        (code, body) = await server.SendAsync("POST", Path, "alice", Map(",\"blockOwnerDeletion\":true"));
        Assert.Equal(
            (403, "configmaps \"m\" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>"),
            (code, AuthorizedServer.MessageOf(body)));
        Assert.Equal(201, (await server.SendAsync("POST", Path, "alice", Map(""))).Code);
    }
}
