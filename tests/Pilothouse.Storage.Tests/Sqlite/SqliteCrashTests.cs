using System.Diagnostics;
using System.Globalization;
using Pilothouse.Objects;

namespace Pilothouse.Storage.Sqlite;

/// <summary>A process that writes is killed again and again; what it was told is durable must be there.</summary>
public sealed class SqliteCrashTests : IDisposable
{
    private const int LinesBeforeTheKill = 150;

    private readonly TemporaryDirectory _directory = new();

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable("PILOTHOUSE_CRASH_ROUNDS") ?? "10", CultureInfo.InvariantCulture);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task No_acknowledged_write_is_lost_and_the_revision_never_goes_back()
    {
        var last = Revision.None;
        var random = new Random(7);
        for (var round = 0; round < Rounds; round++)
        {
            var told = await KillAsync(round, LinesBeforeTheKill + random.Next(LinesBeforeTheKill));
            Assert.True(told[0] is ("opened", var opened) && opened >= last, $"round {round}: {told[0]} after {last}");
            await using var store = SqliteStore.Open(_directory.Path);
            last = await store.CurrentRevisionAsync(default);
            Assert.True(told.Max(line => line.Revision) is var newest && last >= newest, $"round {round}: stands at {last}, told {newest}");
            var entries = (await store.RangeAsync(StoreRange.Prefix($"/r{round}/"), default)).Entries.ToDictionary(entry => entry.Key);
            foreach (var (key, revision) in told.Skip(1))
            {
                if (key.StartsWith("gone:", StringComparison.Ordinal))
                    Assert.False(entries.ContainsKey(key["gone:".Length..]), $"round {round}: {key} is back");
                else
                    Assert.True(entries.TryGetValue(key, out var entry) && entry.Modified == revision, $"round {round}: {key} at {revision} is lost");
            }
        }
    }

    private async Task<List<(string Key, Revision Revision)>> KillAsync(int round, int lines)
    {
        using var host = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Pilothouse.Storage.CrashHost.dll"), _directory.Path, $"{round}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var told = new List<(string, Revision)>();
        while (await host.StandardOutput.ReadLineAsync() is { } line)
        {
            var parts = line.Split(' ');
            told.Add((parts[0], new(long.Parse(parts[1], CultureInfo.InvariantCulture))));
            // SIGKILL; what it wrote to the pipe before is still read.
            if (told.Count == lines)
                host.Kill();
        }
        await host.WaitForExitAsync();
        Assert.True(told.Count >= lines, "the writing process ended by itself");
        return told;
    }
}
