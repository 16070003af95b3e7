using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Pilothouse.Bench;

/// <summary>One change to N watchers of one object, ten HTTP/2 connections, against bare Kestrel writing the same bytes to N open responses.</summary>
internal static class FanOutBudget
{
    private const int Connections = 10;
    private const double Share = 0.70;

    public static async Task RunAsync(BenchSettings settings, BudgetTable table)
    {
        foreach (var (watchers, changes, goal, p99Goal) in new[] { (100, 400, 0.01, 10.0), (1000, 100, 0.006, 25.0) })
        {
            await using var server = await ServerProcess.PilothouseAsync(settings, "--storage=memory");
            using var http = LoadClient.Create(HttpVersion.Version20);
            await Samples.PrepareAsync(http, server.Address);
            await Samples.PostAsync(http, Samples.ConfigMapsOf(server), Samples.ConfigMap("hot"));
            var hot = new Uri(Samples.ConfigMapsOf(server) + "/hot");
            var ours = await MeasureAsync(server, watchers, changes,
                new Uri(Samples.ConfigMapsOf(server) + "?watch=true&fieldSelector=metadata.name%3Dhot"), "\"at\":\"", initialLines: 1,
                () => Samples.PutAsync(http, hot, Samples.ConfigMap("hot", Now())));

            await using var bare = await ServerProcess.BareAsync(settings);
            var limit = await MeasureAsync(bare, watchers, changes, new Uri(bare.Address, "stream"), "", initialLines: 0,
                () => Samples.PostAsync(http, new Uri(bare.Address, $"emit/1/{ours.EventSize}"), ""));

            var share = limit.Load.CpuMilliseconds / ours.Load.CpuMilliseconds;
            table.Add($"one change to {watchers:N0} watchers, {ours.EventSize} bytes",
                $"{ours.Load.CpuMilliseconds:F4} ms CPU a delivery, p99 {ours.P99:F1} ms ({ours.Load.PerSecond:F0}/s)",
                $"{limit.Load.CpuMilliseconds:F4} ms, p99 {limit.P99:F1} ms",
                $"{Share:P0} of the events per CPU second: {share:P0}; goal {goal} ms, p99 {p99Goal} ms",
                share >= Share && ours.Load.CpuMilliseconds <= goal && ours.P99 <= p99Goal);
        }
    }

    private static string Now() => Stopwatch.GetTimestamp().ToString("D20", CultureInfo.InvariantCulture);

    private static async Task<FanOut> MeasureAsync(
        ServerProcess server, int watchers, int changes, Uri address, string marker, int initialLines, Func<Task> change)
    {
        const int warmUp = 20;
        var clients = Enumerable.Range(0, Connections).Select(_ => LoadClient.Create(HttpVersion.Version20)).ToList();
        var counter = new DeliveryCounter(watchers);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, watchers)
            .Select(i => WatchAsync(clients[i % Connections], address, marker, initialLines, counter, stop.Token)).ToList();
        await counter.AllOpen.WaitAsync(TimeSpan.FromSeconds(60));

        for (var i = 0; i < warmUp; i++)
            await PacedAsync(change, counter, (long)(i + 1) * watchers);
        counter.Latencies.Clear();
        var cpu = server.Cpu;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < changes; i++)
            await PacedAsync(change, counter, (long)(warmUp + i + 1) * watchers);
        var load = new Load((long)changes * watchers, server.Cpu - cpu, clock.Elapsed);

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        clients.ForEach(c => c.Dispose());
        var sorted = counter.Latencies.Order().ToList();
        return new(load, sorted[(int)(sorted.Count * 0.99)], counter.EventSize);
    }

    /// <summary>Makes one change and waits until every watcher has seen it: latency is not hidden in a queue.</summary>
    private static async Task PacedAsync(Func<Task> change, DeliveryCounter counter, long expected)
    {
        await change();
        await counter.ReachedAsync(expected).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task WatchAsync(
        HttpClient http, Uri address, string marker, int initialLines, DeliveryCounter counter, CancellationToken stop)
    {
        try
        {
            using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, stop);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(stop);
            using var lines = new StreamReader(body);
            for (var i = 0; i < initialLines; i++)
                await lines.ReadLineAsync(stop);
            counter.Opened();
            while (await lines.ReadLineAsync(stop) is { } line)
            {
                var at = marker.Length == 0 ? 0 : line.IndexOf(marker, StringComparison.Ordinal) + marker.Length;
                counter.Delivered(long.Parse(line.AsSpan(at, 20), CultureInfo.InvariantCulture), line.Length + 1);
            }
        }
        catch (OperationCanceledException)
        {
            // Measured enough.
        }
    }

    private readonly record struct FanOut(Load Load, double P99, int EventSize);
}
