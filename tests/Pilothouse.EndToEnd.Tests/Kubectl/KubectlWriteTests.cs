namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>The commands of kubectl that change something, as people type them.</summary>
public sealed class KubectlWriteTests(KubectlServer server) : IClassFixture<KubectlServer>
{
    /// <summary>
    /// What kubectl sends a patch for every time, whatever the server: lists that are replaced whole and get defaults, selectors whose
    /// patch strategy is to replace, and stringData, which is never stored. The object stays as it is all the same.
    /// </summary>
    private static readonly string[] AlwaysConfigured =
        ["statefulset.apps/db configured", "poddisruptionbudget.policy/web configured", "secret/login configured"];

    [Fact]
    public async Task Apply_twice_leaves_everything_unchanged() => await ApplyTwiceAsync(await server.InNewNamespaceAsync());

    [Theory]
    [InlineData("1.27")]
    [InlineData("1.28")]
    [InlineData("1.29")]
    [InlineData("1.30")]
    [InlineData("1.31")]
    [InlineData("1.32")]
    [InlineData("1.33")]
    public async Task Apply_twice_leaves_everything_unchanged_with_every_kubectl(string version)
    {
        Assert.SkipUnless(KubectlRunner.Versions.TryGetValue(version, out var program), $"kubectl {version} is not installed");
        await ApplyTwiceAsync(await server.InNewNamespaceAsync(program!));
    }

    [Fact]
    public async Task Other_forms_of_what_is_stored_change_nothing()
    {
        var kubectl = await server.InNewNamespaceAsync();
        string[] versions = ["get", "-f", "-", "-o", "jsonpath={range .items[*]}{.metadata.name}={.metadata.resourceVersion}/{.metadata.generation} {end}"];
        await kubectl.ApplyAsync(ManifestForms.All);
        var before = await kubectl.ApplyAsync(ManifestForms.All, versions);
        await kubectl.ApplyAsync(ManifestForms.All);
        Assert.Equal(before, await kubectl.ApplyAsync(ManifestForms.All, versions));
        Assert.Equal("150m 2 1024 512Mi", await kubectl.RunAsync("get", "pod", "forms", "-o",
            "jsonpath={.spec.containers[0].resources['requests','limits']['cpu','memory']}"));
    }

    private static async Task ApplyTwiceAsync(KubectlRunner kubectl)
    {
        string[] versions = ["get", "-f", "-", "-o", "jsonpath={range .items[*]}{.metadata.name}={.metadata.resourceVersion} {end}"];
        var first = await kubectl.ApplyAsync(Manifests.Mixed);
        Assert.Equal(12, first.Split('\n').Count(line => line.EndsWith(" created", StringComparison.Ordinal)));
        var before = await kubectl.ApplyAsync(Manifests.Mixed, versions);
        var second = await kubectl.ApplyAsync(Manifests.Mixed);
        Assert.Equal(AlwaysConfigured, second.Trim().Split('\n').Where(line => !line.EndsWith(" unchanged", StringComparison.Ordinal)));
        Assert.Equal(before, await kubectl.ApplyAsync(Manifests.Mixed, versions));
    }

    [Fact]
    public async Task Edit_saves_what_the_editor_changed()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.ConfigMap("edited", "before"));
        var result = await kubectl.TryAsync(["edit", "configmap", "edited"], editor: "sed -i s/before/after/");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal("after", await kubectl.RunAsync("get", "configmap", "edited", "-o", "jsonpath={.data.key}"));
    }

    [Fact]
    public async Task Label_annotate_and_patch_change_what_they_say()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Deployment("web", 1));
        await kubectl.RunAsync("label", "deployment", "web", "tier=front");
        await kubectl.RunAsync("label", "deployment", "web", "tier=back", "--overwrite");
        await kubectl.RunAsync("annotate", "deployment", "web", "note=hello");
        await kubectl.RunAsync("patch", "deployment", "web", "-p", """{"spec":{"template":{"spec":{"containers":[{"name":"web","tty":true}]}}}}""");
        await kubectl.RunAsync("patch", "deployment", "web", "--type=json", "-p", """[{"op":"replace","path":"/spec/replicas","value":4}]""");
        await kubectl.RunAsync("patch", "deployment", "web", "--type=merge", "-p", """{"metadata":{"annotations":{"note":null}}}""");
        Assert.Equal("back 4 true registry.example/web:1 []", await kubectl.RunAsync("get", "deployment", "web", "-o",
            "jsonpath={.metadata.labels.tier} {.spec.replicas} {.spec.template.spec.containers[0].tty} {.spec.template.spec.containers[0].image} [{.metadata.annotations.note}]"));
    }

    [Fact]
    public async Task Set_changes_image_environment_and_resources()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Deployment("web", 1));
        await kubectl.RunAsync("set", "image", "deployment/web", "web=registry.example/web:2");
        await kubectl.RunAsync("set", "env", "deployment/web", "MODE=fast");
        await kubectl.RunAsync("set", "resources", "deployment/web", "--limits=cpu=200m,memory=1000Ki");
        await kubectl.RunAsync("set", "serviceaccount", "deployment/web", "default");
        Assert.Equal("registry.example/web:2 fast 200m 1000Ki default", await kubectl.RunAsync("get", "deployment", "web", "-o",
            "jsonpath={.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].env[0].value} {.spec.template.spec.containers[0].resources.limits.cpu} {.spec.template.spec.containers[0].resources.limits.memory} {.spec.template.spec.serviceAccountName}"));
    }

    [Fact]
    public async Task Scale_goes_through_the_subresource()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Deployment("web", 1));
        Assert.Equal("deployment.apps/web scaled\n", await kubectl.RunAsync("scale", "deployment/web", "--replicas=5", "--current-replicas=1"));
        Assert.Equal("5", await kubectl.RunAsync("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"));
        Assert.NotEqual(0, (await kubectl.TryAsync(["scale", "deployment/web", "--replicas=6", "--current-replicas=1"])).ExitCode);
    }

    [Fact]
    public async Task Rollout_restart_history_undo_and_status_work_on_what_a_controller_would_write()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Deployment("web", 1, "registry.example/web:1"));
        await ActAsDeploymentControllerAsync(kubectl, "1", "registry.example/web:1");
        await kubectl.RunAsync("set", "image", "deployment/web", "web=registry.example/web:2");
        await ActAsDeploymentControllerAsync(kubectl, "2", "registry.example/web:2");
        Assert.Contains("successfully rolled out", await kubectl.RunAsync("rollout", "status", "deployment/web", "--timeout=10s"));
        var history = await kubectl.RunAsync("rollout", "history", "deployment/web");
        Assert.Contains("1 ", history);
        Assert.Contains("2 ", history);
        await kubectl.RunAsync("rollout", "undo", "deployment/web", "--to-revision=1");
        Assert.Equal("registry.example/web:1", await kubectl.RunAsync("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[0].image}"));
        await kubectl.RunAsync("rollout", "restart", "deployment/web");
        await kubectl.RunAsync("rollout", "pause", "deployment/web");
        await kubectl.RunAsync("rollout", "resume", "deployment/web");
    }

    [Fact]
    public async Task Expose_autoscale_and_run_create_what_they_should()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Deployment("web", 1));
        await kubectl.RunAsync("expose", "deployment", "web", "--port=80", "--target-port=8080");
        await kubectl.RunAsync("autoscale", "deployment", "web", "--min=2", "--max=5", "--cpu-percent=80");
        await kubectl.RunAsync("run", "shell", "--image=registry.example/shell:1", "--labels=a=b", "--env=X=1", "--", "sleep", "1");
        Assert.Equal("80 8080 web", await kubectl.RunAsync("get", "service", "web", "-o", "jsonpath={.spec.ports[0].port} {.spec.ports[0].targetPort} {.spec.selector.app}"));
        Assert.Equal("2 5", await kubectl.RunAsync("get", "hpa", "web", "-o", "jsonpath={.spec.minReplicas} {.spec.maxReplicas}"));
        Assert.Equal("Pending", await kubectl.RunAsync("get", "pod", "shell", "-o", "jsonpath={.status.phase}"));
    }

    [Theory]
    [InlineData("kubectl")]
    [InlineData("1.27")]
    [InlineData("1.30")]
    [InlineData("1.33")]
    public async Task Every_create_subcommand_creates(string version)
    {
        var program = version;
        if (version != "kubectl")
            Assert.SkipUnless(KubectlRunner.Versions.TryGetValue(version, out program!), $"kubectl {version} is not installed");
        var kubectl = await server.InNewNamespaceAsync(program);
        var ns = kubectl.Namespace;
        string[][] commands =
        [
            ["clusterrole", $"{ns}-reader", "--verb=get", "--resource=pods"],
            ["clusterrolebinding", $"{ns}-readers", $"--clusterrole={ns}-reader", "--user=someone"],
            ["configmap", "cm", "--from-literal=a=b"],
            ["cronjob", "cj", "--image=registry.example/a", "--schedule=*/5 * * * *"],
            ["deployment", "deploy", "--image=registry.example/a", "--replicas=2"],
            ["ingress", "ing", "--rule=a.example/b=svc:80"],
            ["job", "job", "--image=registry.example/a"],
            ["job", "job-from", "--from=cronjob/cj"],
            ["namespace", $"{ns}-more"],
            ["poddisruptionbudget", "pdb", "--selector=app=a", "--min-available=1"],
            ["priorityclass", $"{ns}-high", "--value=1000"],
            ["quota", "quota", "--hard=pods=10,cpu=4"],
            ["role", "role", "--verb=get,list", "--resource=pods,deployments.apps"],
            ["rolebinding", "rb", "--role=role", "--user=someone"],
            ["secret", "generic", "generic", "--from-literal=a=b"],
            ["secret", "docker-registry", "docker", "--docker-username=a", "--docker-password=b", "--docker-server=registry.example"],
            ["service", "clusterip", "svc", "--tcp=80:8080"],
            ["service", "externalname", "outside", "--external-name=example.com"],
            ["service", "loadbalancer", "lb", "--tcp=80:8080"],
            ["service", "nodeport", "np", "--tcp=80:8080"],
            ["serviceaccount", "robot"],
        ];
        foreach (var command in commands)
            Assert.EndsWith("created\n", await kubectl.RunAsync(["create", .. command]));
    }

    [Fact]
    public async Task Delete_waits_until_the_object_is_gone()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Mixed);
        Assert.Contains("deleted", await kubectl.RunAsync("delete", "pod/one", "service/web", "statefulset/db", "--wait", "--timeout=20s"));
        Assert.Contains("NotFound", (await kubectl.TryAsync(["get", "pod", "one"])).Errors);
        Assert.Contains("deleted", await kubectl.RunAsync("delete", "all", "--all", "--wait", "--timeout=20s"));
    }

    [Fact]
    public async Task Wait_returns_when_the_condition_holds()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Mixed);
        var waiting = kubectl.RunAsync("wait", "pod/one", "--for=condition=Ready", "--timeout=20s");
        await kubectl.RunAsync("patch", "pod", "one", "--subresource=status", "-p", """{"status":{"conditions":[{"type":"Ready","status":"True"}]}}""");
        Assert.Equal("pod/one condition met\n", await waiting);
        var gone = kubectl.RunAsync("wait", "pod/one", "--for=delete", "--timeout=20s");
        await kubectl.RunAsync("delete", "pod", "one");
        await gone;
        Assert.Contains("NotFound", (await kubectl.TryAsync(["get", "pod", "one"])).Errors);
    }

    [Fact]
    public async Task Diff_shows_changes_and_replace_makes_them()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.ConfigMap("cm", "one"));
        Assert.Equal(0, (await kubectl.TryAsync(["diff", "-f", "-"], Manifests.ConfigMap("cm", "one"))).ExitCode);
        var diff = await kubectl.TryAsync(["diff", "-f", "-"], Manifests.ConfigMap("cm", "two"));
        Assert.Equal(1, diff.ExitCode);
        Assert.Contains("+  key: two", diff.Output);
        await kubectl.ApplyAsync(Manifests.ConfigMap("cm", "two"), "replace", "-f", "-");
        Assert.Equal("two", await kubectl.RunAsync("get", "configmap", "cm", "-o", "jsonpath={.data.key}"));
        await kubectl.ApplyAsync(Manifests.ConfigMap("cm", "three"), "replace", "--force", "-f", "-");
        Assert.Equal("three", await kubectl.RunAsync("get", "configmap", "cm", "-o", "jsonpath={.data.key}"));
    }

    [Fact]
    public async Task Nodes_are_tainted_and_cordoned()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync("apiVersion: v1\nkind: Node\nmetadata:\n  name: node-a\n");
        await kubectl.RunAsync("taint", "node", "node-a", "dedicated=db:NoSchedule");
        await kubectl.RunAsync("cordon", "node-a");
        Assert.Equal("dedicated true", await kubectl.RunAsync("get", "node", "node-a", "-o", "jsonpath={.spec.taints[?(@.key=='dedicated')].key} {.spec.unschedulable}"));
        await kubectl.RunAsync("uncordon", "node-a");
        Assert.Equal("node-a", await kubectl.RunAsync("get", "node", "node-a", "-o", "jsonpath={.metadata.name}{.spec.unschedulable}"));
    }

    /// <summary>Writes what the deployment controller would: a ReplicaSet of this revision, the annotation, and a complete status.</summary>
    private static async Task ActAsDeploymentControllerAsync(KubectlRunner kubectl, string revision, string image)
    {
        var uid = await kubectl.RunAsync("get", "deployment", "web", "-o", "jsonpath={.metadata.uid}");
        await kubectl.ApplyAsync($$"""
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata:
              name: web-{{revision}}
              labels: {app: web, pod-template-hash: "{{revision}}"}
              annotations: {deployment.kubernetes.io/revision: "{{revision}}"}
              ownerReferences:
                - {apiVersion: apps/v1, kind: Deployment, name: web, uid: {{uid}}, controller: true, blockOwnerDeletion: true}
            spec:
              replicas: 1
              selector:
                matchLabels: {app: web, pod-template-hash: "{{revision}}"}
              template:
                metadata:
                  labels: {app: web, pod-template-hash: "{{revision}}"}
                spec:
                  containers:
                    - name: web
                      image: {{image}}
                      ports:
                        - containerPort: 80
            """, "create", "-f", "-");
        await kubectl.RunAsync("annotate", "deployment", "web", $"deployment.kubernetes.io/revision={revision}", "--overwrite");
        var generation = await kubectl.RunAsync("get", "deployment", "web", "-o", "jsonpath={.metadata.generation}");
        await kubectl.RunAsync("patch", "deployment", "web", "--subresource=status", "--type=merge", "-p",
            $$$"""{"status":{"observedGeneration":{{{generation}}},"replicas":1,"updatedReplicas":1,"readyReplicas":1,"availableReplicas":1}}""");
    }
}
