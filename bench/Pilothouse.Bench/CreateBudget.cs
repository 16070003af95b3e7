using System.Net;

namespace Pilothouse.Bench;

/// <summary>The write path's CPU: ConfigMaps and pods created, a ConfigMap patched, on the embedded store with its fsyncs.</summary>
internal static class CreateBudget
{
    private const int Callers = 64;
    private const int Operations = 10_000;

    public static async Task RunAsync(BenchSettings settings, BudgetTable table)
    {
        await using var server = await ServerProcess.PilothouseAsync(settings);
        using var http = LoadClient.Create(HttpVersion.Version20);
        await Samples.PrepareAsync(http, server.Address);
        var configMaps = Samples.ConfigMapsOf(server);

        await LoadClient.RunAsync(server, Callers, Operations / 5, i => Samples.PostAsync(http, configMaps, Samples.ConfigMap($"warm-{i}")));
        Report(table, "create a ConfigMap of 1 KiB, embedded store", 0.32,
            await LoadClient.RunAsync(server, Callers, Operations, i => Samples.PostAsync(http, configMaps, Samples.ConfigMap($"cm-{i}"))));
        await Samples.CreatePodsAsync(http, server, 0, Operations / 5);
        Report(table, "create a pod, embedded store", 0.5,
            await LoadClient.RunAsync(server, Callers, Operations / 2, i => Samples.PostAsync(http, Samples.PodsOf(server), Samples.Pod(Operations + i))));
        Report(table, "merge patch of a ConfigMap, embedded store", 0.40,
            await LoadClient.RunAsync(server, Callers, Operations / 2, i => PatchAsync(http, new Uri($"{configMaps}/cm-{i}"))));
    }

    private static void Report(BudgetTable table, string work, double goal, Load load) =>
        table.Add(work, $"{load.CpuMilliseconds:F3} ms CPU each ({load.PerSecond:F0}/s)", "", $"{goal} ms or less", load.CpuMilliseconds <= goal);

    private static async Task PatchAsync(HttpClient http, Uri address)
    {
        using var content = Samples.Json("""{"data":{"patched":"yes"}}""");
        content.Headers.ContentType = new("application/merge-patch+json");
        using var answer = await http.PatchAsync(address, content);
        answer.EnsureSuccessStatusCode();
    }
}
