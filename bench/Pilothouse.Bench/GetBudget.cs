using System.Net;

namespace Pilothouse.Bench;

/// <summary>GET of one ConfigMap of 1 KiB by 32 callers, authenticated by token and authorized, against the same bytes from bare Kestrel.</summary>
internal static class GetBudget
{
    private const int Callers = 32;
    private const int Operations = 40_000;
    private const double Share = 0.50;

    public static async Task RunAsync(BenchSettings settings, BudgetTable table)
    {
        await using var server = await ServerProcess.PilothouseAsync(settings);
        await using var bare = await ServerProcess.BareAsync(settings);
        using var setup = LoadClient.Create(HttpVersion.Version20);
        await Samples.PrepareAsync(setup, server.Address);
        await Samples.PostAsync(setup, Samples.ConfigMapsOf(server), Samples.ConfigMap("one"));
        await GrantAsync(setup, server);
        var one = new Uri(Samples.ConfigMapsOf(server) + "/one");
        var size = await LoadClient.DrainAsync(setup, one);

        foreach (var (version, name, goal) in new[] { (HttpVersion.Version20, "HTTP/2", 0.06), (HttpVersion.Version11, "HTTP/1.1", 0.10) })
        {
            var limit = await MeasureAsync(bare, new Uri(bare.Address, $"bytes/{size}"), version, ServerProcess.Token);
            foreach (var (who, token) in new[] { ("", ServerProcess.Token), (", by RBAC with 1,000 roles and bindings", ServerProcess.PlainToken) })
            {
                var ours = await MeasureAsync(server, one, version, token);
                var share = limit.CpuMilliseconds / ours.CpuMilliseconds;
                table.Add($"GET a ConfigMap of 1 KiB, {Callers} callers, {name} and TLS{who}",
                    $"{ours.CpuMilliseconds:F3} ms CPU each ({ours.PerSecond:F0}/s)", $"{limit.CpuMilliseconds:F3} ms",
                    $"{Share:P0} of the requests per CPU second: {share:P0}; goal {goal} ms", share >= Share && ours.CpuMilliseconds <= goal);
            }
        }
    }

    /// <summary>A thousand roles in the namespace, each bound to somebody, the one that counts among them.</summary>
    private static async Task GrantAsync(HttpClient http, ServerProcess server)
    {
        var rbac = new Uri(server.Address, $"apis/rbac.authorization.k8s.io/v1/namespaces/{Samples.Namespace}/");
        await LoadClient.RunAsync(server, 16, 1000, async i =>
        {
            await Samples.PostAsync(http, new Uri(rbac, "roles"),
                $$$"""{"metadata":{"name":"role-{{{i}}}"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list","watch"]}]}""");
            var user = i == 500 ? "plain" : $"user-{i}";
            await Samples.PostAsync(http, new Uri(rbac, "rolebindings"), $$$"""
                {"metadata":{"name":"binding-{{{i}}}"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"{{{user}}}"}],
                 "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"role-{{{i}}}"}}
                """);
        });
    }

    private static async Task<Load> MeasureAsync(ServerProcess server, Uri address, Version version, string token)
    {
        using var http = LoadClient.Create(version, token: token);
        await LoadClient.RunAsync(server, Callers, Operations / 10, _ => LoadClient.DrainAsync(http, address));
        return await LoadClient.RunAsync(server, Callers, Operations, _ => LoadClient.DrainAsync(http, address));
    }
}
