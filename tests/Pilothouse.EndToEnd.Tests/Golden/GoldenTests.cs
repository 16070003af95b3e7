using System.Diagnostics;
using System.Text.Json;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Golden;

/// <summary>Plays the recorded conversations with the genuine server; see tests/golden/README.md.</summary>
public sealed class GoldenTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "golden");

    [Fact]
    public async Task No_recorded_case_that_passed_falls_back()
    {
        await using var server = await PilothouseProcess.StartAsync(
            "--storage=memory", "--authorization-mode=Node,RBAC", "--allow-privileged=true", "--service-cluster-ip-range=10.96.0.0/16");
        var results = await PlayAsync(server);
        var listFile = Path.Combine(Golden, "passing.txt");
        var expected = File.ReadAllLines(listFile).Where(line => line.Length > 0).ToHashSet();
        var passing = results.Where(r => r.Value.Passed).Select(r => r.Key).ToHashSet();

        var fallenBack = expected.Where(name => results.TryGetValue(name, out var result) && !result.Passed)
            .Select(name => $"{name}: {results[name].Failures}").ToList();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllLinesAsync(listFile, expected.Union(passing).Order(StringComparer.Ordinal), TestContext.Current.CancellationToken);
        foreach (var name in passing.Except(expected).Order(StringComparer.Ordinal))
            TestContext.Current.TestOutputHelper?.WriteLine($"newly passing: {name}");

        Assert.True(fallenBack.Count == 0, $"{fallenBack.Count} cases fell back:\n{string.Join('\n', fallenBack)}\n{server.Output}");
        Assert.Empty(expected.Except(results.Keys));
    }

    /// <summary>Plays all cases; by area/name, whether each passed, and the first differences.</summary>
    private static async Task<Dictionary<string, CaseResult>> PlayAsync(PilothouseProcess server)
    {
        var tokens = Path.Combine(server.Directory, "tokens.json");
        var report = Path.Combine(server.Directory, "golden.json");
        await File.WriteAllTextAsync(tokens,
            $$"""{"admin": "{{PilothouseProcess.AdminToken}}", "alice": "{{PilothouseProcess.AliceToken}}"}""", TestContext.Current.CancellationToken);
        var info = new ProcessStartInfo("python3")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(Golden, "golden.py"), "check", "--server", server.Address.ToString().TrimEnd('/'), "--insecure",
                "--tokens", tokens, "--json", report, "--retry-cap", "2", Path.Combine(Golden, "cases"),
            },
        };
        using var player = Process.Start(info) ?? throw new InvalidOperationException("python3 did not start");
        var output = player.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = player.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await player.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(File.Exists(report), $"golden.py wrote no report:\n{await output}\n{await errors}");
        TestContext.Current.TestOutputHelper?.WriteLine(await output);

        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(report, TestContext.Current.CancellationToken));
        return document.RootElement.GetProperty("cases").EnumerateArray().ToDictionary(
            c => $"{c.GetProperty("area").GetString()}/{c.GetProperty("name").GetString()}",
            c => new CaseResult(c.GetProperty("passed").GetBoolean(), string.Join("; ", c.GetProperty("failures").EnumerateArray().Take(2))));
    }

    private sealed record CaseResult(bool Passed, string Failures);
}
