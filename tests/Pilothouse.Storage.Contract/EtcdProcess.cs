using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pilothouse.Storage.Contract;

/// <summary>A real etcd as a process of its own, on free loopback ports and a directory that goes with it.</summary>
public sealed class EtcdProcess : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pilothouse-etcd-").FullName;
    private readonly IReadOnlyList<string> _flags;
    private readonly int _clientPort = FreePort();
    private readonly int _peerPort = FreePort();
    private readonly string _scheme;
    private Process? _process;

    private EtcdProcess(string scheme, IReadOnlyList<string> flags)
    {
        _scheme = scheme;
        _flags = flags;
    }

    /// <summary>The client address, <c>http://127.0.0.1:port</c>.</summary>
    public string Address => $"{_scheme}://127.0.0.1:{_clientPort}";

    /// <summary>Starts etcd with an empty directory and waits until it listens.</summary>
    public static async Task<EtcdProcess> StartAsync(string scheme = "http", params string[] flags)
    {
        var etcd = new EtcdProcess(scheme, flags);
        await etcd.StartAgainAsync();
        return etcd;
    }

    /// <summary>Starts it on the same directory and ports after <see cref="KillAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        var info = new ProcessStartInfo("etcd")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--name=test", $"--data-dir={Path.Combine(_directory, "data")}",
                $"--listen-client-urls={Address}", $"--advertise-client-urls={Address}",
                $"--listen-peer-urls=http://127.0.0.1:{_peerPort}", $"--initial-advertise-peer-urls=http://127.0.0.1:{_peerPort}",
                $"--initial-cluster=test=http://127.0.0.1:{_peerPort}",
            },
        };
        foreach (var flag in _flags)
            info.ArgumentList.Add(flag);
        _process = Process.Start(info) ?? throw new InvalidOperationException("etcd did not start");
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var clock = Stopwatch.StartNew();
        while (!await ListensAsync())
        {
            if (_process.HasExited || clock.Elapsed > TimeSpan.FromSeconds(20))
                throw new InvalidOperationException("etcd does not listen; is etcd-server installed?");
            await Task.Delay(20);
        }
    }

    /// <summary>SIGKILL: clients see broken connections, the data stays.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task<bool> ListensAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _clientPort);
            return true;
        }
        catch (SocketException)
        {
            return false; // not yet
        }
    }
}
