using System.Diagnostics;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Kubectl;

/// <summary>Runs the real kubectl against one server, in one namespace, with a home of its own.</summary>
internal sealed class KubectlRunner(PilothouseProcess server, string @namespace, string program = "kubectl")
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public string Namespace => @namespace;

    /// <summary>Every kubectl that is installed beside the one on the path, by version: <c>1.27</c> …; none where there is only one.</summary>
    public static IReadOnlyDictionary<string, string> Versions { get; } = FindVersions();

    /// <summary>Runs a command that must succeed, and gives what it printed on standard output.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var result = await TryAsync(arguments);
        Assert.True(result.ExitCode == 0,
            $"kubectl {string.Join(' ', arguments)}: exit {result.ExitCode}\n{result.Output}\n{result.Errors}\n--- server:\n{server.Output}");
        return result.Output;
    }

    /// <summary>Runs a command with standard input that must succeed.</summary>
    public async Task<string> ApplyAsync(string manifest, params string[] arguments)
    {
        var result = await TryAsync(arguments.Length == 0 ? ["apply", "-f", "-"] : arguments, manifest);
        Assert.True(result.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: exit {result.ExitCode}\n{result.Output}\n{result.Errors}");
        return result.Output;
    }

    /// <summary>Runs a command that may fail.</summary>
    public async Task<KubectlResult> TryAsync(string[] arguments, string? input = null, string? editor = null)
    {
        using var process = Start(arguments, input is not null, editor);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException cancelled)
        {
            process.Kill();
            throw new TimeoutException($"kubectl {string.Join(' ', arguments)} did not end in {Limit.TotalSeconds} s\n{server.Output}", cancelled);
        }
        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts a command that goes on (get -w); the caller ends it.</summary>
    public Process Start(string[] arguments, bool withInput = false, string? editor = null)
    {
        var home = Directory.CreateDirectory(Path.Combine(server.Directory, "home")).FullName;
        var info = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = withInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = home, ["KUBECONFIG"] = server.Kubeconfig },
        };
        if (editor is not null)
            info.Environment["KUBE_EDITOR"] = editor;
        info.ArgumentList.Add($"--namespace={@namespace}");
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        return Process.Start(info) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static Dictionary<string, string> FindVersions()
    {
        var found = new Dictionary<string, string>();
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(d => Path.Combine(d, "kubectl")).FirstOrDefault(File.Exists);
        if (onPath is null)
            return found;
        var real = new FileInfo(onPath).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? onPath;
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(real)!, "kubectl.?*").Where(f => !f.EndsWith("kubectl", StringComparison.Ordinal)))
            found[Path.GetFileName(file)["kubectl.".Length..]] = file;
        return found;
    }
}
