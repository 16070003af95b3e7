using System.Diagnostics;

namespace Pilothouse.EndToEnd.Tests.Hosting;

/// <summary>The program run to its end, or until told to stop, with just the flags given.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs the program until it ends by itself.</summary>
    public static async Task<ProgramRun> ToEndAsync(params string[] flags)
    {
        using var process = Start(flags);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"the program did not end by itself:\n{await output}\n{await errors}");
        }
        return new(process.ExitCode, await output, await errors);
    }

    public static Process Start(IEnumerable<string> flags)
    {
        var info = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "pilothouse.dll") },
        };
        foreach (var flag in flags)
            info.ArgumentList.Add(flag);
        return Process.Start(info) ?? throw new InvalidOperationException("the program did not start");
    }
}
