using System.Net;
using System.Net.Sockets;
using Pilothouse.EndToEnd.Tests.Hosting;

namespace Pilothouse.EndToEnd.Tests.Programs;

/// <summary>What the program says when it cannot start, and what it makes when it can.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pilothouse-start-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task An_unknown_flag_ends_it_as_it_ends_kube_apiserver()
    {
        var run = await ProgramRun.ToEndAsync("--nonsense");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Error: unknown flag: --nonsense\n", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dotnet_run_of_what_was_built_hands_flags_in_and_the_exit_code_out()
    {
        var run = await ProgramRun.ByDotnetRunAsync("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Kubernetes v1.36", run.Output, StringComparison.Ordinal);
        run = await ProgramRun.ByDotnetRunAsync("--nonsense");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Error: unknown flag: --nonsense\n", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var run = await ProgramRun.ToEndAsync($"--secure-port={port}", $"--data-dir={_directory}", "--storage=memory");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"127.0.0.1:{port}", run.Errors, StringComparison.Ordinal);
        Assert.Contains("--secure-port", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_in_use_is_named()
    {
        await using var first = await PilothouseProcess.StartAsync();
        var run = await ProgramRun.ToEndAsync("--secure-port=0", $"--data-dir={first.DataDirectory}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(first.DataDirectory, run.Errors, StringComparison.Ordinal);
        Assert.Contains("another process", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_ours_is_named_and_left_as_it_is()
    {
        var file = Path.Combine(_directory, "store.db");
        await File.WriteAllTextAsync(file, "somebody's diary, not a database", TestContext.Current.CancellationToken);
        var run = await ProgramRun.ToEndAsync("--secure-port=0", $"--data-dir={_directory}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(file, run.Errors, StringComparison.Ordinal);
        Assert.Equal("somebody's diary, not a database", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Flags_without_effect_are_named_in_one_warning()
    {
        await using var server = await PilothouseProcess.StartAsync("--storage=memory", "--goaway-chance=0.1", "--egress-selector-config-file=none");
        var warning = Assert.Single(server.Output.Split('\n'), line => line.Contains("no effect yet", StringComparison.Ordinal));
        Assert.EndsWith("--goaway-chance, --egress-selector-config-file", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_prints_its_address_and_the_line_to_copy()
    {
        await using var server = await PilothouseProcess.StartAsync("--storage=memory");
        Assert.Contains($"API at {server.Address.GetLeftPart(UriPartial.Authority)}\n", server.Output, StringComparison.Ordinal);
        Assert.Contains($"export KUBECONFIG={server.Kubeconfig}", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows())
            return; // modes are a matter of Unix
        await using var server = await PilothouseProcess.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(server.Kubeconfig));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(server.DataDirectory));
    }
}
