namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>What kubectl says of rights: can-i, as, reconcile, and the refusals of each.</summary>
public sealed class KubectlAuthTests(KubectlServer server) : IClassFixture<KubectlServer>
{
    private const string Reader = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: reader
        rules:
        - apiGroups: [""]
          resources: [pods, configmaps]
          verbs: [get, list]
        - apiGroups: [""]
          resources: [secrets]
          resourceNames: [known]
          verbs: [get]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: readers
        subjects:
        - kind: User
          apiGroup: rbac.authorization.k8s.io
          name: jane
        - kind: Group
          apiGroup: rbac.authorization.k8s.io
          name: readers
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: reader
        """;

    [Fact]
    public async Task Can_i_answers_yes_and_no()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Reader);
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "delete", "nodes"));
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "list", "pods", "--as=jane"));
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "list", "pods", "--as=joe", "--as-group=readers"));
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "get", "secret/known", "--as=jane"));
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "get", "/version", "--as=jane"));
        foreach (var asked in (string[][])[["delete", "pods"], ["list", "secrets"], ["get", "pods", "-n", "default"], ["get", "pods", "--subresource=log"], ["get", "/metrics"]])
        {
            var no = await kubectl.TryAsync(["auth", "can-i", .. asked, "--as=jane"]);
            Assert.Equal((1, "no\n"), (no.ExitCode, no.Output));
        }
    }

    [Fact]
    public async Task Can_i_lists_what_one_may_do()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Reader);
        var list = await kubectl.RunAsync("auth", "can-i", "--list", "--as=jane");
        Assert.Matches(@"(?m)^Resources +Non-Resource URLs +Resource Names +Verbs", list);
        Assert.Matches(@"(?m)^configmaps +\[\] +\[\] +\[get list\]", list);
        Assert.Matches(@"(?m)^secrets +\[\] +\[known\] +\[get\]", list);
        Assert.Matches(@"(?m)^selfsubjectaccessreviews\.authorization\.k8s\.io +\[\] +\[\] +\[create\]", list);
        Assert.Matches(@"(?m)^ +\[/healthz\] +\[\] +\[get\]", list);
        Assert.Matches(@"(?m)^\*\.\* +\[\] +\[\] +\[\*\]", await kubectl.RunAsync("auth", "can-i", "--list"));
    }

    [Fact]
    public async Task Acting_as_somebody_else_is_being_them()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Reader);
        Assert.Contains("No resources found", (await kubectl.TryAsync(["get", "pods", "--as=jane"])).Errors);
        var refused = await kubectl.TryAsync(["get", "deployments", "--as=jane"]);
        Assert.Equal(
            $"Error from server (Forbidden): deployments.apps is forbidden: User \"jane\" cannot list resource \"deployments\" in API group \"apps\" in the namespace \"{kubectl.Namespace}\"\n",
            refused.Errors);
        refused = await kubectl.TryAsync(["create", "configmap", "c", "--as=jane", "--as-group=readers"]);
        Assert.Equal(
            $"error: failed to create configmap: configmaps is forbidden: User \"jane\" cannot create resource \"configmaps\" in API group \"\" in the namespace \"{kubectl.Namespace}\"\n",
            refused.Errors);
    }

    [Fact]
    public async Task Reconcile_adds_what_is_missing_and_keeps_what_is_there()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Reader);
        var more = Reader.Replace("verbs: [get, list]", "verbs: [get, list, watch]", StringComparison.Ordinal)
            .Replace("name: jane", "name: june", StringComparison.Ordinal)
            // kubectl looks where the file says, not where it is told to.
            .Replace("metadata:\n", $"metadata:\n  namespace: {kubectl.Namespace}\n", StringComparison.Ordinal);
        var output = await kubectl.ApplyAsync(more, "auth", "reconcile", "-f", "-");
        Assert.Contains("role.rbac.authorization.k8s.io/reader reconciled", output);
        Assert.Contains("rolebinding.rbac.authorization.k8s.io/readers reconciled", output);
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "watch", "pods", "--as=june"));
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "watch", "pods", "--as=jane"));
    }

    [Fact]
    public async Task Granting_more_than_one_holds_is_refused()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Reader);
        await kubectl.RunAsync("create", "rolebinding", "admins", "--clusterrole=admin", "--user=ann");
        await kubectl.RunAsync("create", "role", "mine", "--verb=get", "--resource=pods", "--as=ann");
        var refused = await kubectl.TryAsync(["create", "role", "more", "--verb=get", "--resource=nodes", "--as=ann"]);
        Assert.Equal(
            "Error from server (Forbidden): roles.rbac.authorization.k8s.io \"more\" is forbidden: user \"ann\" (groups=[\"system:authenticated\"]) "
            + "is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\"]}\n",
            refused.Errors);
        refused = await kubectl.TryAsync(["create", "rolebinding", "root", "--clusterrole=cluster-admin", "--user=ann", "--as=ann"]);
        Assert.Contains("is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"*\"], Resources:[\"*\"], Verbs:[\"*\"]}\n{NonResourceURLs:[\"*\"], Verbs:[\"*\"]}", refused.Errors);
    }

    [Fact]
    public async Task Roles_are_gathered_by_their_labels()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.RunAsync("create", "rolebinding", "viewers", "--clusterrole=view", "--user=vera");
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "list", "deployments.apps", "--as=vera"));
        Assert.Equal(1, (await kubectl.TryAsync(["auth", "can-i", "list", "secrets", "--as=vera"])).ExitCode);
    }
}
