using System.Net;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Certificates;
using Pilothouse.Logging;
using Pilothouse.Server.Authentication.ServiceAccounts;
using Pilothouse.Server.Health;
using Pilothouse.Server.Requests;
using Pilothouse.Settings;

namespace Pilothouse.Hosting;

/// <summary>The life of the program, from settings to exit code.</summary>
internal static class ServerProgram
{
    public static async Task<int> RunAsync(ServerSettings settings, TimeProvider time)
    {
        using var signals = new ShutdownSignals();
        using var logging = new LineLogging(Console.Error, settings.LogFormat, settings.Verbosity, time);
        var log = logging.CreateLogger("Pilothouse.Program");
        if (settings.FlagsWithoutEffect.Count > 0)
            ProgramLog.WithoutEffect(log, string.Join(", ", settings.FlagsWithoutEffect.Select(f => "--" + f)));

        // First of all, so that it is the owner's alone whoever else uses it then.
        MakeDataDirectory(settings);

        // These have nothing to do with each other, and each takes a moment.
        var loading = Task.Run(BuiltInCatalog.Load);
        var opening = Task.Run(() => StoreFactory.Open(settings, time));
        var tls = ServerTls.Open(settings, time, logging.CreateLogger<ServerTls>());
        var listening = Task.Run(() => new HttpListener(settings, tls.Handshakes, logging));
        var keys = ServiceAccountKeyFiles.Open(settings, logging.CreateLogger("Pilothouse.Certificates.ServiceAccountKeyFiles"));

        await using var store = await opening;
        var health = new HealthChecks();
        health.AddReadiness(new HealthCheck("shutdown", () => signals.Requested.IsCompleted ? "the server is stopping" : null));
        await using var auditing = new AuditComposition(settings.Audit, time, logging);
        await using var server = ServerComposition.Compose(
            settings, store, await loading, keys, tls.ClientAuthorities, health, auditing.Auditor, time, logging, out var bootstrapped);
        await using var memory = new MemoryKeeper(time);
        await server.StartAsync(CancellationToken.None);
        await using var listener = await listening;
        await listener.StartAsync(server.HandleAsync, new RequestLog(logging.CreateLogger<RequestLog>(), time), CancellationToken.None);
        Announce(settings, listener, tls.Own);

        await await Task.WhenAny(AfterStartAsync(bootstrapped, keys, time), signals.Requested);
        await signals.Requested;
        await DrainAsync(settings, server, listener, time, log);
        return 0;
    }

    /// <summary>What nobody has to wait for: not even the requests of those who waited for the start, which come now.</summary>
    private static async Task AfterStartAsync(Task bootstrapped, ServiceAccountKeys keys, TimeProvider time)
    {
        await bootstrapped;
        await Task.Delay(TimeSpan.FromMilliseconds(50), time);
        MemoryKeeper.CollectAfterStart();
        ProgramPages.GiveBack();
        // More work than all the rest of a first start; whoever asks for a token before makes the key itself.
        keys.Prepare();
    }

    private static void MakeDataDirectory(ServerSettings settings)
    {
        try
        {
            PrivateFile.MakeDirectory(settings.DataDirectory);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"cannot make the data directory {settings.DataDirectory}: {fault.Message} Choose another with --data-dir", fault);
        }
    }

    /// <summary>Says where the server is and how to use it: on standard output, for people and for scripts.</summary>
    private static void Announce(ServerSettings settings, HttpListener listener, OwnCertificates? own)
    {
        var address = AddressOf("https", listener.SecureEndPoint);
        Console.Out.WriteLine($"Kubernetes {ProgramVersion.Text} API at {address.GetLeftPart(UriPartial.Authority)}");
        if (listener.InsecureEndPoint is { } insecure)
            Console.Out.WriteLine($"Without TLS and for everyone on this host at {AddressOf("http", insecure).GetLeftPart(UriPartial.Authority)}");
        if (own is not null)
        {
            var kubeconfig = Path.Combine(settings.DataDirectory, AdminKubeconfig.FileName);
            AdminKubeconfig.Write(kubeconfig, address, own);
            own.AdminRenewed = () => AdminKubeconfig.Write(kubeconfig, address, own);
            Console.Out.WriteLine($"export KUBECONFIG={kubeconfig}");
        }
        Console.Out.Flush();
    }

    /// <summary>No new connections, requests in flight finish, watches end.</summary>
    private static async Task DrainAsync(ServerSettings settings, ApiServer server, HttpListener listener, TimeProvider time, ILogger log)
    {
        ProgramLog.Draining(log);
        if (settings.ShutdownDelay > TimeSpan.Zero)
            await Task.Delay(settings.ShutdownDelay, time);
        using var patience = new CancellationTokenSource(settings.RequestTimeout, time);
        var closing = listener.StopAsync(patience.Token);
        if (settings.ShutdownWatchGracePeriod > TimeSpan.Zero)
            await Task.WhenAny(closing, Task.Delay(settings.ShutdownWatchGracePeriod, time));
        await server.StopAsync(patience.Token);
        await closing;
        ProgramLog.Stopped(log);
    }

    private static Uri AddressOf(string scheme, IPEndPoint endpoint)
    {
        var address = endpoint.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : endpoint.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : endpoint.Address;
        return new UriBuilder(scheme, address.ToString(), endpoint.Port).Uri;
    }
}
