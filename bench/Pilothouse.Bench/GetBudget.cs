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
        var one = new Uri(Samples.ConfigMapsOf(server) + "/one");
        var size = await LoadClient.DrainAsync(setup, one);

        foreach (var (version, name, goal) in new[] { (HttpVersion.Version20, "HTTP/2", 0.06), (HttpVersion.Version11, "HTTP/1.1", 0.10) })
        {
            var ours = await MeasureAsync(server, one, version);
            var limit = await MeasureAsync(bare, new Uri(bare.Address, $"bytes/{size}"), version);
            var share = limit.CpuMilliseconds / ours.CpuMilliseconds;
            table.Add($"GET a ConfigMap of 1 KiB, {Callers} callers, {name} and TLS",
                $"{ours.CpuMilliseconds:F3} ms CPU each ({ours.PerSecond:F0}/s)", $"{limit.CpuMilliseconds:F3} ms",
                $"{Share:P0} of the requests per CPU second: {share:P0}; goal {goal} ms", share >= Share && ours.CpuMilliseconds <= goal);
        }
    }

    private static async Task<Load> MeasureAsync(ServerProcess server, Uri address, Version version)
    {
        using var http = LoadClient.Create(version);
        await LoadClient.RunAsync(server, Callers, Operations / 10, _ => LoadClient.DrainAsync(http, address));
        return await LoadClient.RunAsync(server, Callers, Operations, _ => LoadClient.DrainAsync(http, address));
    }
}
