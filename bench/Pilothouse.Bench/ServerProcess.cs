using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pilothouse.Bench;

/// <summary>A server under measurement: its start, its CPU time, its memory, its end.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    public const string Token = "bench-admin-token";

    /// <summary>Of the user "plain", who may do what roles allow.</summary>
    public const string PlainToken = "bench-plain-token";

    private readonly Process _process;
    private readonly string _directory;

    private ServerProcess(Process process, string directory, Uri address, TimeSpan startTime)
    {
        _process = process;
        _directory = directory;
        Address = address;
        StartTime = startTime;
    }

    public Uri Address { get; }

    /// <summary>From the start of the process until the first successful answer of its ready path.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>User and system time of the process so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public double ResidentMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    public static async Task<ServerProcess> PilothouseAsync(BenchSettings settings, params string[] flags)
    {
        var directory = Directory.CreateTempSubdirectory("pilothouse-bench-").FullName;
        var tokens = Path.Combine(directory, "tokens.csv");
        await File.WriteAllTextAsync(tokens, $"{Token},admin,1000,\"system:masters\"\n{PlainToken},plain,1001,\"dev,qa\"\n");
        var port = FreePort();
        return await StartAsync(settings.Server, directory, port, "readyz",
            [$"--secure-port={port}", $"--data-dir={Path.Combine(directory, "data")}", $"--token-auth-file={tokens}", .. flags]);
    }

    public static Task<ServerProcess> BareAsync(BenchSettings settings)
    {
        var port = FreePort();
        return StartAsync(settings.Bare, Directory.CreateTempSubdirectory("bare-bench-").FullName, port, "bytes/10", [$"{port}"]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task<ServerProcess> StartAsync(
        string program, string directory, int port, string readyPath, IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var address = new Uri($"https://127.0.0.1:{port}/");
        using var http = LoadClient.Create(HttpVersion.Version11);
        var clock = Stopwatch.StartNew();
        var process = Process.Start(info) ?? throw new InvalidOperationException($"cannot start {program}");
        var output = new List<string>();
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (clock.Elapsed < TimeSpan.FromSeconds(30))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{program} ended at once:\n{string.Join('\n', output)}");
            if (await AnswersAsync(http, new Uri(address, readyPath)))
                return new(process, directory, address, clock.Elapsed);
            await Task.Delay(2);
        }
        process.Kill();
        throw new InvalidOperationException($"{program} did not get ready:\n{string.Join('\n', output)}");
    }

    private static void Keep(List<string> output, string? line)
    {
        lock (output)
        {
            if (line is not null && output.Count < 50)
                output.Add(line);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri address)
    {
        try
        {
            using var answer = await http.GetAsync(address);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}
