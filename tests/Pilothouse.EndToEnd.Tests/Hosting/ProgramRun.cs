using System.Diagnostics;

namespace Pilothouse.EndToEnd.Tests.Hosting;

/// <summary>The program run to its end, or until told to stop, with just the flags given.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs the program until it ends by itself.</summary>
    public static Task<ProgramRun> ToEndAsync(params string[] flags) => ToEndAsync(Start(flags));

    /// <summary>The same through <c>dotnet run --no-build</c>, of what was built in the tests' own configuration.</summary>
    public static Task<ProgramRun> ByDotnetRunAsync(params string[] flags)
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var project = Path.Combine(Repository.Root, "src", "Pilothouse");
        return ToEndAsync(Start(["run", "--no-build", "-c", configuration, "--project", project, "--"], flags));
    }

    public static Process Start(IEnumerable<string> flags) => Start(["exec", Path.Combine(AppContext.BaseDirectory, "pilothouse.dll")], flags);

    private static async Task<ProgramRun> ToEndAsync(Process started)
    {
        using var process = started;
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

    private static Process Start(IEnumerable<string> command, IEnumerable<string> flags) => Process.Start(
        new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", command.Concat(flags))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("the program did not start");
}
