using k8s;
using k8s.Autorest;
using k8s.Models;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Clients;

/// <summary>The official .NET client.</summary>
public sealed class KubernetesClientTests
{
    [Fact]
    public async Task Objects_are_created_read_changed_listed_and_deleted()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await PilothouseProcess.StartAsync("--storage=memory");
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig));

        var created = await client.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new() { Name = "a", Labels = new Dictionary<string, string> { ["app"] = "x" } }, Data = new Dictionary<string, string> { ["k"] = "v" } },
            "default", cancellationToken: cancellation);
        Assert.NotNull(created.Metadata.Uid);

        created.Data["k"] = "w";
        var replaced = await client.CoreV1.ReplaceNamespacedConfigMapAsync(created, "a", "default", cancellationToken: cancellation);
        Assert.Equal("w", replaced.Data["k"]);
        var conflict = await Assert.ThrowsAsync<HttpOperationException>(
            () => client.CoreV1.ReplaceNamespacedConfigMapAsync(created, "a", "default", cancellationToken: cancellation));
        Assert.Equal(409, (int)conflict.Response.StatusCode);

        var patched = await client.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch("""{"data":{"more":"yes"}}""", V1Patch.PatchType.MergePatch), "a", "default", cancellationToken: cancellation);
        Assert.Equal("yes", patched.Data["more"]);

        var list = await client.CoreV1.ListNamespacedConfigMapAsync("default", labelSelector: "app=x", cancellationToken: cancellation);
        Assert.Equal("a", Assert.Single(list.Items).Metadata.Name);

        var deployment = await client.AppsV1.CreateNamespacedDeploymentAsync(
            new V1Deployment
            {
                Metadata = new() { Name = "web" },
                Spec = new()
                {
                    Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
                    Template = new()
                    {
                        Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = "web" } },
                        Spec = new() { Containers = [new() { Name = "web", Image = "nginx" }] },
                    },
                },
            },
            "default", cancellationToken: cancellation);
        Assert.Equal(1, deployment.Spec.Replicas);
        Assert.Equal("RollingUpdate", deployment.Spec.Strategy.Type);

        await client.CoreV1.DeleteNamespacedConfigMapAsync("a", "default", cancellationToken: cancellation);
        var gone = await Assert.ThrowsAsync<HttpOperationException>(
            () => client.CoreV1.ReadNamespacedConfigMapAsync("a", "default", cancellationToken: cancellation));
        Assert.Equal(404, (int)gone.Response.StatusCode);
    }

    [Fact]
    public async Task A_watch_sees_changes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await PilothouseProcess.StartAsync("--storage=memory");
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig));
        var watching = Task.Run(
            async () =>
            {
                await foreach (var (type, item) in client.CoreV1.WatchListNamespacedConfigMapAsync("default", cancellationToken: cancellation))
                {
                    if (item.Metadata.Name == "seen")
                        return type;
                }
                return WatchEventType.Error;
            },
            cancellation);
        await client.CoreV1.CreateNamespacedConfigMapAsync(new() { Metadata = new() { Name = "seen" } }, "default", cancellationToken: cancellation);
        Assert.Equal(WatchEventType.Added, await watching.WaitAsync(TimeSpan.FromSeconds(20), cancellation));
    }
}
