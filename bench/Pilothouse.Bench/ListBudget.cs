using System.Net;

namespace Pilothouse.Bench;

/// <summary>
/// LIST of 10,000 pods, and of 500 of them, against bare Kestrel copying the same bytes; and the same pods in protobuf against JSON.
/// </summary>
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
        await CompareProtobufAsync(server, table);
    }

    /// <summary>Protobuf is made when it is asked for, JSON is copied: what that costs, on the server and on the wire. No budget.</summary>
    private static async Task CompareProtobufAsync(ServerProcess server, BudgetTable table)
    {
        var address = Samples.PodsOf(server);
        using var json = LoadClient.Create(HttpVersion.Version20);
        using var protobuf = LoadClient.Create(HttpVersion.Version20, "application/vnd.kubernetes.protobuf");
        var (jsonSize, protobufSize) = (await LoadClient.DrainAsync(json, address), await LoadClient.DrainAsync(protobuf, address));
        var copied = await MeasureAsync(json, server, address, 10);
        var made = await MeasureAsync(protobuf, server, address, 10);
        table.Add($"LIST {Pods:N0} pods in protobuf, {protobufSize / 1048576.0:F1} MiB", $"{made.CpuMilliseconds:F1} ms CPU each",
            $"JSON, {jsonSize / 1048576.0:F1} MiB: {copied.CpuMilliseconds:F1} ms", $"none; {made.CpuMilliseconds * 1000 / Pods:F1} us a pod", kept: true);
    }

    private static async Task<Load> MeasureAsync(HttpClient http, ServerProcess server, Uri address, int repeat)
    {
        await LoadClient.RunAsync(server, 1, Math.Max(repeat / 5, 2), _ => LoadClient.DrainAsync(http, address));
        return await LoadClient.RunAsync(server, 1, repeat, _ => LoadClient.DrainAsync(http, address));
    }
}
