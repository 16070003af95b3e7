namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>The commands of kubectl that read and look things up, as people type them.</summary>
public sealed class KubectlReadTests(KubectlServer server) : IClassFixture<KubectlServer>
{
    [Fact]
    public async Task Get_prints_tables_with_true_cells()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Mixed);
        var pods = await kubectl.RunAsync("get", "pods", "-o", "wide");
        Assert.Matches(@"^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES", pods);
        Assert.Matches(@"one +0/1 +Pending +0 +\d+s +<none> +<none> +<none> +<none>", pods);
        Assert.Matches(@"service/web +ClusterIP +10\.\d+\.\d+\.\d+ +<none> +80/TCP,53/UDP +\d+s", await kubectl.RunAsync("get", "all"));
        Assert.Contains("statefulset.apps/db", await kubectl.RunAsync("get", "all", "-A"));
        Assert.Matches(@"web +<none> +web\.example +80 ", await kubectl.RunAsync("get", "ingress"));
        Assert.Matches(@"^NAME +READY +STATUS +RESTARTS +AGE +LABELS", await kubectl.RunAsync("get", "pods", "--show-labels"));
    }

    [Fact]
    public async Task Get_prints_yaml_json_names_and_sorted_lists()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.ConfigMap("b", "1") + "\n---\n" + Manifests.ConfigMap("a", "2"));
        Assert.StartsWith("apiVersion: v1\ndata:\n  key: \"1\"\nkind: ConfigMap", await kubectl.RunAsync("get", "configmap", "b", "-o", "yaml"));
        Assert.Equal("configmap/a\nconfigmap/b\n", await kubectl.RunAsync("get", "configmaps", "-o", "name"));
        Assert.Equal("b a ", await kubectl.RunAsync("get", "configmaps", "--sort-by=.data.key", "-o", "go-template={{range .items}}{{.metadata.name}} {{end}}"));
        Assert.Equal("configmap/a\n", await kubectl.RunAsync("get", "configmaps", "--field-selector=metadata.name=a", "-o", "name"));
        Assert.Equal("configmap/a\nconfigmap/b\n", await kubectl.RunAsync("get", "configmaps", "-o", "name", "--chunk-size=1"));
    }

    [Fact]
    public async Task Describe_reads_every_kind()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Mixed);
        foreach (var target in new[] { "pod/one", "service/web", "statefulset/db", "cronjob/nightly", "ingress/web", "hpa/web", "networkpolicy/quiet",
            "pdb/web", "role/reader", "rolebinding/readers", "secret/login", "pvc/data", $"namespace/{kubectl.Namespace}", "serviceaccount/default" })
        {
            Assert.Contains("Name:", await kubectl.RunAsync("describe", target));
        }
    }

    [Fact]
    public async Task Get_w_shows_changes_as_they_happen()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.ConfigMap("watched", "1"));
        using var watch = kubectl.Start(["get", "configmaps", "-w", "-o", "jsonpath={.metadata.name}={.data.key}{\"\\n\"}"]);
        try
        {
            var limit = TimeSpan.FromSeconds(20);
            Assert.Equal("watched=1", await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(limit));
            await kubectl.ApplyAsync(Manifests.ConfigMap("watched", "2"));
            Assert.Equal("watched=2", await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(limit));
            await kubectl.ApplyAsync(Manifests.ConfigMap("another", "3"));
            Assert.Equal("another=3", await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(limit));
        }
        finally
        {
            watch.Kill();
        }
    }

    [Theory]
    [InlineData("kubectl")]
    [InlineData("1.27")]
    [InlineData("1.30")]
    [InlineData("1.33")]
    public async Task Explain_reads_the_published_schema(string version)
    {
        var program = version;
        if (version != "kubectl")
            Assert.SkipUnless(KubectlRunner.Versions.TryGetValue(version, out program!), $"kubectl {version} is not installed");
        var kubectl = new KubectlRunner(server.Process, "default", program);
        var containers = await kubectl.RunAsync("explain", "pod.spec.containers", "--recursive");
        Assert.Contains("imagePullPolicy", containers);
        Assert.Contains("List of containers belonging to the pod", containers);
        Assert.Contains("VERSION:", await kubectl.RunAsync("explain", "deployments.spec.strategy"));
    }

    [Fact]
    public async Task Lookups_answer()
    {
        var kubectl = new KubectlRunner(server.Process, "default");
        var resources = await kubectl.RunAsync("api-resources");
        Assert.Matches(@"deployments +deploy +apps/v1 +true +Deployment", resources);
        Assert.Matches(@"configmaps +cm +v1 +true +ConfigMap", resources);
        Assert.Contains("autoscaling/v2", await kubectl.RunAsync("api-versions"));
        Assert.Contains("v1.36", await kubectl.RunAsync("version"));
        Assert.Contains("is running at", await kubectl.RunAsync("cluster-info"));
        Assert.Equal("ok", await kubectl.RunAsync("get", "--raw", "/readyz"));
        Assert.Contains("\"kind\":\"NamespaceList\"", await kubectl.RunAsync("get", "--raw", "/api/v1/namespaces"));
        Assert.Contains("kubernetes", await kubectl.RunAsync("get", "services"));
        Assert.Matches("kube-system +Active", await kubectl.RunAsync("get", "namespaces"));
    }

    [Fact]
    public async Task Errors_read_as_on_the_genuine_server()
    {
        var kubectl = await server.InNewNamespaceAsync();
        Assert.Equal("Error from server (NotFound): pods \"nope\" not found\n", (await kubectl.TryAsync(["get", "pod", "nope"])).Errors);
        Assert.Contains("error: the server doesn't have a resource type \"nonsense\"", (await kubectl.TryAsync(["get", "nonsense"])).Errors);
        await kubectl.RunAsync("create", "configmap", "twice");
        Assert.Contains("configmaps \"twice\" already exists", (await kubectl.TryAsync(["create", "configmap", "twice"])).Errors);
        var strict = await kubectl.TryAsync(["apply", "-f", "-"], Manifests.ConfigMap("strict", "1") + "\nnonsense: 1\n");
        Assert.Contains("strict decoding error: unknown field \"nonsense\"", strict.Errors);
    }
}
