namespace Pilothouse.Bench;

/// <summary>Start to ready of the native binary on an empty embedded store, the median of five; and memory when idle.</summary>
internal static class StartBudget
{
    private const double LimitMilliseconds = 300;
    private const double IdleMiB = 45;

    public static async Task RunAsync(BenchSettings settings, BudgetTable table)
    {
        var times = new List<double>();
        var idle = 0.0;
        for (var i = 0; i < 5; i++)
        {
            await using var server = await ServerProcess.PilothouseAsync(settings);
            times.Add(server.StartTime.TotalMilliseconds);
            await Task.Delay(500);
            idle = server.ResidentMiB;
        }
        await using var bare = await ServerProcess.BareAsync(settings);
        times.Sort();
        table.Add("start to ready, native, embedded, empty", $"{times[2]:F0} ms", $"{bare.StartTime.TotalMilliseconds:F0} ms",
            $"{LimitMilliseconds:F0} ms or less", times[2] <= LimitMilliseconds);
        table.Add("memory idle", $"{idle:F0} MiB", $"{bare.ResidentMiB:F0} MiB", $"{IdleMiB:F0} MiB or less", idle <= IdleMiB);
    }
}
