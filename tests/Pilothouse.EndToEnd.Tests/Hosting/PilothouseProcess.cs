using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Pilothouse.EndToEnd.Tests.Hosting;

/// <summary>
/// The program as a process of its own on a free loopback port, with a directory of its own, two known users, and its output
/// kept for the message of a failing test. Ended by its pid.
/// </summary>
internal sealed class PilothouseProcess : IAsyncDisposable
{
    public const string AdminToken = "admin-token-of-the-tests";
    public const string AliceToken = "alice-token-of-the-tests";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly List<string> _output = [];

    private PilothouseProcess(string directory, int port, IReadOnlyList<string> flags)
    {
        Directory = directory;
        Address = new Uri($"https://127.0.0.1:{port}/");
        File.WriteAllText(Path.Combine(directory, "tokens.csv"),
            $"{AdminToken},admin,1000,\"system:masters\"\n{AliceToken},alice,1001,\"dev,qa\"\n");
        var info = new ProcessStartInfo(DotnetHost)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "exec", Path.Combine(AppContext.BaseDirectory, "pilothouse.dll"),
                $"--secure-port={port}", $"--data-dir={DataDirectory}", $"--token-auth-file={Path.Combine(directory, "tokens.csv")}",
            },
        };
        foreach (var flag in flags)
            info.ArgumentList.Add(flag);
        _process = Process.Start(info) ?? throw new InvalidOperationException("the program did not start");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>A directory of this process's own; removed with it unless it was handed in.</summary>
    public string Directory { get; }

    public string DataDirectory => Path.Combine(Directory, "data");

    public string Kubeconfig => Path.Combine(DataDirectory, "admin.kubeconfig");

    public Uri Address { get; }

    public string Output
    {
        get
        {
            lock (_output)
                return string.Join('\n', _output);
        }
    }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public int Pid => _process.Id;

    /// <summary>Starts the program and waits until it is ready.</summary>
    public static Task<PilothouseProcess> StartAsync(params string[] flags) =>
        StartInAsync(System.IO.Directory.CreateTempSubdirectory("pilothouse-e2e-").FullName, flags);

    /// <summary>Starts the program on a directory that outlives it.</summary>
    public static async Task<PilothouseProcess> StartInAsync(string directory, params string[] flags)
    {
        var server = new PilothouseProcess(directory, FreePort(), flags);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that authenticates as admin and trusts whatever certificate the server shows.</summary>
    public HttpClient Client(string token = AdminToken)
    {
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true } };
        var http = new HttpClient(handler) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>SIGKILL, as a power failure would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start(new ProcessStartInfo("kill") { UseShellExecute = false, ArgumentList = { "-TERM", $"{Pid}" } });
        await kill!.WaitForExitAsync();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        if (Path.GetFileName(Directory).StartsWith("pilothouse-e2e-", StringComparison.Ordinal))
            System.IO.Directory.Delete(Directory, recursive: true);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string DotnetHost => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private async Task WaitUntilReadyAsync()
    {
        using var http = Client();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartLimit)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"the program ended with {_process.ExitCode}:\n{Output}");
            try
            {
                using var answer = await http.GetAsync("readyz", TestContext.Current.CancellationToken);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        throw new InvalidOperationException($"the program did not get ready in {StartLimit.TotalSeconds} s:\n{Output}");
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            if (line is not null && _output.Count < 2000)
                _output.Add(line);
        }
    }
}
