using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>One server on the embedded store for all tests of a class; each test has a namespace of its own.</summary>
public sealed class KubectlServer : IAsyncLifetime
{
    private int _namespaces;

    internal PilothouseProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Process = await PilothouseProcess.StartAsync();

    public async ValueTask DisposeAsync() => await Process.DisposeAsync();

    /// <summary>kubectl in a new namespace that has a default service account, as a controller would give it.</summary>
    internal async Task<KubectlRunner> InNewNamespaceAsync(string program = "kubectl")
    {
        var kubectl = new KubectlRunner(Process, $"test-{Interlocked.Increment(ref _namespaces)}", program);
        await kubectl.ApplyAsync($"""
            apiVersion: v1
            kind: Namespace
            metadata:
              name: {kubectl.Namespace}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: default
            """);
        return kubectl;
    }
}
