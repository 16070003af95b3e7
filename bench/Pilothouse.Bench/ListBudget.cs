using System.Net;

namespace Pilothouse.Bench;

/// <summary>LIST of 10,000 pods, and of 500 of them, against bare Kestrel copying the same bytes.</summary>
internal static class ListBudget
{
    private const int Pods = 10_000;
    private const double Share = 0.70;

    public static async Task RunAsync(BenchSettings settings, BudgetTable table)
    {
        await using var server = await ServerProcess.PilothouseAsync(settings, "--storage=memory");
        await using var bare = await ServerProcess.BareAsync(settings);
        using var http = LoadClient.Create(HttpVersion.Version20);
        await Samples.PrepareAsync(http, server.Address);
        await Samples.CreatePodsAsync(http, server, 0, Pods);

        foreach (var (query, count, repeat, goal) in new[] { ("", Pods, 10, 190.0), ("?limit=500", 500, 100, 10.0) })
        {
            var address = new Uri(Samples.PodsOf(server) + query);
            var size = await LoadClient.DrainAsync(http, address);
            var same = new Uri(bare.Address, $"items/{count}/{size / count}");
            var ours = await MeasureAsync(http, server, address, repeat);
            var limit = await MeasureAsync(http, bare, same, repeat);
            var share = limit.CpuMilliseconds / ours.CpuMilliseconds;
            table.Add($"LIST {count:N0} of {Pods:N0} pods, {size / 1048576.0:F1} MiB", $"{ours.CpuMilliseconds:F1} ms CPU each", $"{limit.CpuMilliseconds:F1} ms",
                $"{Share:P0} of the bytes per CPU second: {share:P0}; goal {goal} ms", share >= Share && ours.CpuMilliseconds <= goal);
        }
    }

    private static async Task<Load> MeasureAsync(HttpClient http, ServerProcess server, Uri address, int repeat)
    {
        await LoadClient.RunAsync(server, 1, Math.Max(repeat / 5, 2), _ => LoadClient.DrainAsync(http, address));
        return await LoadClient.RunAsync(server, 1, repeat, _ => LoadClient.DrainAsync(http, address));
    }
}
