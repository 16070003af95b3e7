using System.Diagnostics;

namespace Pilothouse.Bench.Storage;

/// <summary>Operations a second, and their CPU time in this process.</summary>
internal readonly record struct Rate(double PerSecond, double CpuMicroseconds)
{
    /// <summary>Keeps so many callers busy for a while; each gets its number and a count.</summary>
    public static async Task<Rate> OfAsync(int callers, TimeSpan duration, Func<int, int, Task> operation)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var done = 0L;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var count = 0;
            for (; clock.Elapsed < duration; count++)
                await operation(caller, count);
            Interlocked.Add(ref done, count);
        })));
        process.Refresh();
        return new(done / clock.Elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalMicroseconds / done);
    }

    /// <summary>The median of several runs of both, taken in turns so that a noisy neighbour hits both.</summary>
    public static async Task<(Rate Ours, Rate Limit, double Ratio)> CompareAsync(int rounds, Func<int, Task<Rate>> ours, Func<int, Rate, Task<Rate>> limit)
    {
        var pairs = new List<(Rate Ours, Rate Limit, double Ratio)>();
        for (var round = 0; round < rounds; round++)
        {
            var mine = await ours(round);
            var theirs = await limit(round, mine);
            pairs.Add((mine, theirs, mine.PerSecond / theirs.PerSecond));
        }
        return pairs.OrderBy(pair => pair.Ratio).ElementAt(rounds / 2);
    }
}
