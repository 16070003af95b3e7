using System.Net;

namespace Pilothouse.Bench;

/// <summary>
/// The whole process with 10,000 pods after a few LISTs and a breath; with --full also 100,000, against the size of their JSON.
/// </summary>
internal static class MemoryBudget
{
    public static async Task RunAsync(BenchSettings settings, BudgetTable table)
    {
        await using var server = await ServerProcess.PilothouseAsync(settings);
        using var http = LoadClient.Create(HttpVersion.Version20);
        await Samples.PrepareAsync(http, server.Address);

        await Samples.CreatePodsAsync(http, server, 0, 10_000);
        var json = await ListSeveralTimesAsync(http, server);
        var resident = server.ResidentMiB;
        table.Add("memory, 10,000 pods, after 5 LISTs", $"{resident:F0} MiB", $"{json:F0} MiB of JSON", "130 MiB or less", resident <= 130);

        if (!settings.Full)
            return;
        await Samples.CreatePodsAsync(http, server, 10_000, 90_000);
        json = await ListSeveralTimesAsync(http, server);
        resident = server.ResidentMiB;
        var budget = 1.5 * json + 60;
        table.Add("memory, 100,000 pods, after 5 LISTs", $"{resident:F0} MiB", $"{json:F0} MiB of JSON",
            $"1.5 times and 60 MiB: {budget:F0} MiB", resident <= budget);
    }

    private static async Task<double> ListSeveralTimesAsync(HttpClient http, ServerProcess server)
    {
        var size = 0L;
        for (var i = 0; i < 5; i++)
            size = await LoadClient.DrainAsync(http, Samples.PodsOf(server));
        Console.Error.WriteLine($"right after the load: {server.ResidentMiB:F0} MiB");
        await Task.Delay(TimeSpan.FromSeconds(4));
        return size / 1048576.0;
    }
}
