using System.Text;
using CsCheck;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Node;
using Pilothouse.Server.Bootstrap;
using Pilothouse.Server.Tests.Watching;

namespace Pilothouse.Server.Tests.Authorization;

public sealed class NodeAuthorizerTests
{
    private const string Pod = """
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"a","uid":"u"},"spec":{"nodeName":"n1","serviceAccountName":"bot",
         "imagePullSecrets":[{"name":"pull"}],
         "containers":[{"name":"c","envFrom":[{"secretRef":{"name":"from"}},{"configMapRef":{"name":"cfrom"}}],
           "env":[{"name":"E","valueFrom":{"secretKeyRef":{"name":"key","key":"k"}}},{"name":"F","valueFrom":{"configMapKeyRef":{"name":"ckey","key":"k"}}}]}],
         "volumes":[{"name":"v1","secret":{"secretName":"vol"}},{"name":"v2","persistentVolumeClaim":{"claimName":"claim"}},{"name":"v3","ephemeral":{}},
           {"name":"v4","projected":{"sources":[{"secret":{"name":"proj"}},{"configMap":{"name":"cproj"}}]}}],
         "resourceClaims":[{"name":"d","resourceClaimTemplateName":"t"}]},
         "status":{"resourceClaimStatuses":[{"name":"d","resourceClaimName":"made"}]}}
        """;

    private static AuthorizationAttributes Question(string node, string verb, string resource, string name, string ns = "a", string group = "", string subresource = "", string fields = "") => new()
    {
        User = new($"system:node:{node}", "", ["system:nodes"]),
        Verb = verb,
        IsResourceRequest = true,
        Group = group,
        Resource = resource,
        Subresource = subresource,
        Name = name,
        Namespace = ns,
        FieldSelector = SelectorAttributes.Fields(fields),
    };

    private static NodeAuthorizer Authorizer(CacheFixture fixture) =>
        new(new(fixture.Caches), new(fixture.Caches, fixture.Time), BootstrapPolicy.NodeRules);

    private static Task<Revision> PutAsync(CacheFixture fixture, string key, string? json) =>
        fixture.PutAsync(key, json is null ? null : Encoding.UTF8.GetBytes(json));

    [Theory]
    [InlineData("get", "secrets", "pull", true)]
    [InlineData("get", "secrets", "from", true)]
    [InlineData("list", "secrets", "key", true)]
    [InlineData("watch", "secrets", "vol", true)]
    [InlineData("get", "secrets", "proj", true)]
    [InlineData("get", "secrets", "other", false)]
    [InlineData("get", "secrets", "", false)]
    [InlineData("update", "secrets", "pull", false)]
    [InlineData("get", "configmaps", "cfrom", true)]
    [InlineData("get", "configmaps", "ckey", true)]
    [InlineData("get", "configmaps", "cproj", true)]
    [InlineData("get", "configmaps", "pull", false)]
    [InlineData("get", "persistentvolumeclaims", "claim", true)]
    [InlineData("get", "persistentvolumeclaims", "p-v3", true)]
    [InlineData("list", "persistentvolumeclaims", "claim", false)]
    [InlineData("get", "pods", "p", true)]
    [InlineData("get", "pods", "q", false)]
    [InlineData("delete", "pods", "q", true)]
    [InlineData("update", "pods", "p", false)]
    public async Task A_kubelet_reads_what_its_pods_refer_to(string verb, string resource, string name, bool allowed)
    {
        await using var fixture = new CacheFixture();
        var authorizer = Authorizer(fixture);
        await PutAsync(fixture, "/pods/a/p", Pod);
        Assert.Equal(allowed, (await authorizer.AuthorizeAsync(Question("n1", verb, resource, name), CancellationToken.None)).IsAllowed);
        if (verb != "delete")
            Assert.False((await authorizer.AuthorizeAsync(Question("n2", verb, resource, name), CancellationToken.None)).IsAllowed);
        Assert.False((await authorizer.AuthorizeAsync(Question("n1", verb, resource, name, "b"), CancellationToken.None)).IsAllowed && verb != "delete");
    }

    [Fact]
    public async Task A_volumes_secret_is_read_by_the_nodes_that_mount_it()
    {
        await using var fixture = new CacheFixture();
        var authorizer = Authorizer(fixture);
        await PutAsync(fixture, "/pods/a/p", Pod);
        await PutAsync(fixture, "/persistentvolumes/v", """
            {"kind":"PersistentVolume","apiVersion":"v1","metadata":{"name":"v"},"spec":{"claimRef":{"namespace":"a","name":"claim"},
             "csi":{"driver":"d","volumeHandle":"h","nodeStageSecretRef":{"namespace":"s","name":"stage"},"controllerPublishSecretRef":{"namespace":"s","name":"controller"}}}}
            """);
        Assert.True(await AllowsAsync(Question("n1", "get", "persistentvolumes", "v", "")));
        Assert.True(await AllowsAsync(Question("n1", "get", "secrets", "stage", "s")));
        Assert.False(await AllowsAsync(Question("n1", "get", "secrets", "controller", "s")));
        Assert.False(await AllowsAsync(Question("n2", "get", "secrets", "stage", "s")));
        await PutAsync(fixture, "/pods/a/p", null);
        await fixture.SettleAsync();
        Assert.False(await AllowsAsync(Question("n1", "get", "secrets", "stage", "s")));
        Assert.False(await AllowsAsync(Question("n1", "get", "secrets", "pull")));

        async Task<bool> AllowsAsync(AuthorizationAttributes question) => (await authorizer.AuthorizeAsync(question, CancellationToken.None)).IsAllowed;
    }

    [Fact]
    public async Task The_object_of_a_static_pod_brings_its_kubelet_nothing()
    {
        await using var fixture = new CacheFixture();
        var authorizer = Authorizer(fixture);
        await PutAsync(fixture, "/pods/a/p", Pod.Replace("\"uid\":\"u\"", "\"uid\":\"u\",\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"}", StringComparison.Ordinal));
        Assert.False((await authorizer.AuthorizeAsync(Question("n1", "get", "secrets", "pull"), CancellationToken.None)).IsAllowed);
        Assert.True((await authorizer.AuthorizeAsync(Question("n1", "get", "pods", "p"), CancellationToken.None)).IsAllowed);
    }

    [Theory]
    [InlineData("get", "nodes", "n1", "", "", "", true, "")]
    [InlineData("get", "nodes", "n2", "", "", "", false, "node 'n1' cannot read 'n2', only its own Node object")]
    [InlineData("list", "nodes", "", "", "", "", false, "node 'n1' cannot read all nodes, only its own Node object")]
    [InlineData("update", "nodes", "n2", "", "status", "", true, "")]
    [InlineData("list", "pods", "", "", "", "spec.nodeName=n1", true, "")]
    [InlineData("list", "pods", "", "", "", "spec.nodeName=n2", false, "can only list/watch pods with spec.nodeName field selector")]
    [InlineData("list", "pods", "", "", "", "", false, "can only list/watch pods with spec.nodeName field selector")]
    [InlineData("create", "serviceaccounts", "bot", "", "token", "", false, "no relationship found between node 'n1' and this object")]
    [InlineData("create", "serviceaccounts", "", "", "token", "", false, "can only create tokens for individual service accounts")]
    [InlineData("create", "serviceaccounts", "bot", "", "", "", false, "can only create token subresource of serviceaccount")]
    [InlineData("update", "leases", "n1", "coordination.k8s.io", "", "", false, "can only access leases in the \"kube-node-lease\" system namespace")]
    [InlineData("list", "leases", "", "coordination.k8s.io", "", "", false, "can only get, create, update, patch, or delete a node lease")]
    [InlineData("get", "csinodes", "n2", "storage.k8s.io", "", "", false, "can only access CSINode with the same name as the requesting node")]
    [InlineData("create", "csinodes", "", "storage.k8s.io", "", "", true, "")]
    [InlineData("list", "resourceslices", "", "resource.k8s.io", "", "nodeName=n1", true, "")]
    [InlineData("list", "resourceslices", "", "resource.k8s.io", "", "", false, "can only list/watch/deletecollection resourceslices with nodeName field selector")]
    [InlineData("list", "services", "", "", "", "", true, "")]
    [InlineData("delete", "services", "x", "", "", "", false, "")]
    public async Task What_a_kubelet_may_do_and_why_not(
        string verb, string resource, string name, string group, string subresource, string fields, bool allowed, string reason)
    {
        await using var fixture = new CacheFixture();
        var decision = await Authorizer(fixture).AuthorizeAsync(Question("n1", verb, resource, name, "", group, subresource, fields), CancellationToken.None);
        Assert.Equal((allowed, reason), (decision.IsAllowed, decision.Reason));
    }

    [Fact]
    public async Task Only_kubelets_are_this_authorizers_business()
    {
        await using var fixture = new CacheFixture();
        var authorizer = Authorizer(fixture);
        var question = Question("n1", "get", "nodes", "n1");
        Assert.Equal(AuthorizationDecision.NoOpinion(), await authorizer.AuthorizeAsync(question with { User = new("system:node:n1", "", []) }, CancellationToken.None));
        Assert.Equal(AuthorizationDecision.NoOpinion(), await authorizer.AuthorizeAsync(question with { User = new("n1", "", ["system:nodes"]) }, CancellationToken.None));
        Assert.Equal(
            "unknown node for user \"system:node:\"",
            (await authorizer.AuthorizeAsync(question with { User = new("system:node:", "", ["system:nodes"]) }, CancellationToken.None)).Reason);
    }

    private static readonly Gen<(string Node, bool Add)[]> s_steps = Gen.Select(Choice.Of("a", "b", "c"), Gen.Bool).Array[0, 40];

    [Fact]
    public void Counts_of_nodes_are_counts() => s_steps.Sample(steps =>
    {
        var counts = new NodeCounts();
        var model = new Dictionary<string, int>();
        foreach (var (node, add) in steps)
        {
            var now = model.GetValueOrDefault(node);
            if (add)
                counts.Add(node);
            else if (now > 0)
                counts.Remove(node);
            model[node] = add ? now + 1 : Math.Max(0, now - 1);
            foreach (var (name, count) in model)
                Assert.Equal(count > 0, counts.Has(name));
            Assert.Equal(model.Values.Sum() == 0, counts.IsEmpty);
        }
    });
}
