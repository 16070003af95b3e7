namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>Server-side apply as kubectl does it: apply, diff, conflicts, who owns what.</summary>
public sealed class KubectlServerSideApplyTests(KubectlServer server) : IClassFixture<KubectlServer>
{
    [Fact]
    public async Task Apply_twice_leaves_everything_as_it_is()
    {
        var kubectl = await server.InNewNamespaceAsync();
        string[] versions = ["get", "-f", "-", "-o", "jsonpath={range .items[*]}{.metadata.name}={.metadata.resourceVersion} {end}"];
        var first = await kubectl.ApplyAsync(Manifests.Mixed, "apply", "--server-side", "-f", "-");
        Assert.Equal(12, first.Split('\n').Count(line => line.EndsWith(" serverside-applied", StringComparison.Ordinal)));
        var before = await kubectl.ApplyAsync(Manifests.Mixed, versions);
        await kubectl.ApplyAsync(Manifests.Mixed, "apply", "--server-side", "-f", "-");
        Assert.Equal(before, await kubectl.ApplyAsync(Manifests.Mixed, versions));
    }

    [Fact]
    public async Task A_conflict_names_the_owner_and_force_takes_the_field()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.ConfigMap("shared", "one"), "apply", "--server-side", "--field-manager=first", "-f", "-");
        var refused = await kubectl.TryAsync(["apply", "--server-side", "--field-manager=second", "-f", "-"], Manifests.ConfigMap("shared", "two"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Apply failed with 1 conflict: conflict with \"first\": .data.key", refused.Errors);
        Assert.Contains("--force-conflicts", refused.Errors);

        await kubectl.ApplyAsync(Manifests.ConfigMap("shared", "two"), "apply", "--server-side", "--field-manager=second", "--force-conflicts", "-f", "-");
        Assert.Equal("two second Apply", await kubectl.RunAsync("get", "configmap", "shared", "--show-managed-fields", "-o",
            "jsonpath={.data.key} {range .metadata.managedFields[*]}{.manager} {.operation}{end}"));
    }

    [Fact]
    public async Task Managed_fields_are_shown_when_asked_for()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.ConfigMap("shown", "one"), "apply", "--server-side", "-f", "-");
        var shown = await kubectl.RunAsync("get", "configmap", "shown", "-o", "yaml", "--show-managed-fields");
        Assert.Contains("  managedFields:\n  - apiVersion: v1\n    fieldsType: FieldsV1\n    fieldsV1:\n      f:data:\n        f:key: {}\n    manager: kubectl\n    operation: Apply\n", shown);
        Assert.DoesNotContain("managedFields", await kubectl.RunAsync("get", "configmap", "shown", "-o", "yaml"));
    }

    [Fact]
    public async Task Diff_shows_what_an_apply_would_do_and_does_nothing()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.ConfigMap("seen", "one"), "apply", "--server-side", "-f", "-");
        var none = await kubectl.TryAsync(["diff", "--server-side", "-f", "-"], Manifests.ConfigMap("seen", "one"));
        Assert.True(none.ExitCode == 0, none.Output + none.Errors);
        var some = await kubectl.TryAsync(["diff", "--server-side", "-f", "-"], Manifests.ConfigMap("seen", "two"));
        Assert.True(some.ExitCode == 1, some.Errors);
        Assert.Contains("-  key: one", some.Output);
        Assert.Contains("+  key: two", some.Output);
        Assert.Equal("one", await kubectl.RunAsync("get", "configmap", "seen", "-o", "jsonpath={.data.key}"));
    }

    [Fact]
    public async Task What_kubectl_applied_itself_is_taken_over_without_conflicts()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Deployment("moved", 2));
        await kubectl.ApplyAsync(Manifests.Deployment("moved", 3), "apply", "--server-side", "-f", "-");
        Assert.Equal("3", await kubectl.RunAsync("get", "deployment", "moved", "-o", "jsonpath={.spec.replicas}"));
        // And back: the annotation went along, so that what is left out now is known to have been there.
        Assert.Contains("\"replicas\":3", await kubectl.RunAsync("get", "deployment", "moved", "-o", "yaml"));
        await kubectl.ApplyAsync(Manifests.Deployment("moved", 1));
        Assert.Equal("1", await kubectl.RunAsync("get", "deployment", "moved", "-o", "jsonpath={.spec.replicas}"));
    }

    [Fact]
    public async Task Scale_and_edit_own_what_they_change()
    {
        var kubectl = await server.InNewNamespaceAsync();
        await kubectl.ApplyAsync(Manifests.Deployment("owned", 1), "apply", "--server-side", "-f", "-");
        await kubectl.RunAsync("scale", "deployment", "owned", "--replicas=4");
        Assert.Equal("scale", await kubectl.RunAsync("get", "deployment", "owned", "--show-managed-fields", "-o",
            "jsonpath={.metadata.managedFields[?(@.operation==\"Update\")].subresource}"));
        var refused = await kubectl.TryAsync(["apply", "--server-side", "-f", "-"], Manifests.Deployment("owned", 1));
        Assert.Contains("with subresource \"scale\" using apps/v1: .spec.replicas", refused.Errors);

        var edited = await kubectl.TryAsync(["edit", "deployment", "owned"], editor: "sed -i s/web:1/web:2/");
        Assert.True(edited.ExitCode == 0, edited.Errors);
        Assert.Contains("kubectl-edit", await kubectl.RunAsync("get", "deployment", "owned", "--show-managed-fields", "-o",
            "jsonpath={.metadata.managedFields[*].manager}"));
    }
}
