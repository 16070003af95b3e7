using k8s;
using k8s.Models;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.OfficialClient;

/// <summary>What controllers written with the official .NET client rely on: pages, patches of each kind, and a watch from a revision.</summary>
public sealed class OfficialClientTests
{
    [Fact]
    public async Task Pages_are_of_one_revision_and_hold_everything_once()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await PilothouseProcess.StartAsync("--storage=memory");
        using var client = ClientOf(server);
        for (var i = 0; i < 7; i++)
            await client.CoreV1.CreateNamespacedSecretAsync(new() { Metadata = new() { Name = $"s-{i}" } }, "kube-public", cancellationToken: cancellation);

        var first = await client.CoreV1.ListNamespacedSecretAsync("kube-public", limit: 3, cancellationToken: cancellation);
        Assert.Equal(4, first.Metadata.RemainingItemCount);
        await client.CoreV1.CreateNamespacedSecretAsync(new() { Metadata = new() { Name = "s-9" } }, "kube-public", cancellationToken: cancellation);
        var names = first.Items.Select(item => item.Metadata.Name).ToList();
        var token = first.Metadata.ContinueProperty;
        while (!string.IsNullOrEmpty(token))
        {
            var page = await client.CoreV1.ListNamespacedSecretAsync("kube-public", limit: 3, continueParameter: token, cancellationToken: cancellation);
            Assert.Equal(first.Metadata.ResourceVersion, page.Metadata.ResourceVersion);
            names.AddRange(page.Items.Select(item => item.Metadata.Name));
            token = page.Metadata.ContinueProperty;
        }
        Assert.Equal(["s-0", "s-1", "s-2", "s-3", "s-4", "s-5", "s-6"], names);
    }

    [Fact]
    public async Task A_watch_from_a_list_sees_added_modified_and_deleted()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await PilothouseProcess.StartAsync("--storage=memory");
        using var client = ClientOf(server);
        var list = await client.CoreV1.ListNamespacedServiceAsync("kube-public", cancellationToken: cancellation);
        await client.CoreV1.CreateNamespacedServiceAsync(
            new() { Metadata = new() { Name = "web" }, Spec = new() { Ports = [new() { Port = 80, TargetPort = "http" }] } },
            "kube-public", cancellationToken: cancellation);
        await client.CoreV1.PatchNamespacedServiceAsync(
            new V1Patch("""{"spec":{"ports":[{"port":80,"name":"http"}]}}""", V1Patch.PatchType.StrategicMergePatch), "web", "kube-public",
            cancellationToken: cancellation);
        await client.CoreV1.PatchNamespacedServiceAsync(
            new V1Patch("""[{"op":"add","path":"/metadata/labels","value":{"a":"b"}}]""", V1Patch.PatchType.JsonPatch), "web", "kube-public",
            cancellationToken: cancellation);
        await client.CoreV1.DeleteNamespacedServiceAsync("web", "kube-public", cancellationToken: cancellation);

        var seen = new List<string>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        await foreach (var (type, service) in client.CoreV1.WatchListNamespacedServiceAsync(
            "kube-public", resourceVersion: list.Metadata.ResourceVersion, cancellationToken: limit.Token))
        {
            var port = Assert.Single(service.Spec.Ports);
            seen.Add($"{type} {port.Name ?? "-"} {port.TargetPort.Value} {(service.Metadata.Labels is null ? "" : "labelled")}".TrimEnd());
            if (type == WatchEventType.Deleted)
                break;
        }
        Assert.Equal(["Added - http", "Modified http http", "Modified http http labelled", "Deleted http http labelled"], seen);
    }

    private static Kubernetes ClientOf(PilothouseProcess server) => new(KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig));
}
