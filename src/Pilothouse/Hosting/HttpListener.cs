using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pilothouse.Certificates;
using Pilothouse.Hosting.Http1;
using Pilothouse.Server.Authentication;
using Pilothouse.Settings;

namespace Pilothouse.Hosting;

/// <summary>
/// Kestrel, nearly by itself: an empty host gives it the services that it insists on, and nothing reads configuration files or the
/// environment. What it is to do is said here, which is also what makes the program start fast.
/// </summary>
internal sealed class HttpListener : IAsyncDisposable
{
    private static readonly TimeSpan _handshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly WebApplication _host;
    private readonly IServer _server;
    private readonly ServerSettings _settings;
    private ListenOptions? _secure;
    private ListenOptions? _insecure;

    public HttpListener(ServerSettings settings, TlsServer tls, ILoggerFactory logging)
    {
        _settings = settings;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<ILoggerFactory>(new KestrelLogging(logging));
        builder.Services.AddSingleton<DiagnosticSource>(new RefusalSource());
        builder.Services.Configure<SocketTransportOptions>(SetTransport);
        builder.Services.Configure<KestrelServerOptions>(options => Configure(options, tls));
        _host = builder.Build();
        _server = _host.Services.GetRequiredService<IServer>();
    }

    /// <summary>Where HTTPS is served, with the actual port.</summary>
    public IPEndPoint SecureEndPoint => _secure!.IPEndPoint!;

    /// <summary>Where plain HTTP is served; null when it is not.</summary>
    public IPEndPoint? InsecureEndPoint => _insecure?.IPEndPoint;

    /// <exception cref="StartupException">The address cannot be listened on.</exception>
    public async Task StartAsync(RequestDelegate handler, RequestLog log, CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync(new RequestApplication(handler, log), cancellationToken);
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            throw new StartupException(
                $"cannot listen: {fault.Message.TrimEnd('.')}. Another program uses the port; stop it, or choose another with "
                + (_settings.InsecurePort is null ? "--secure-port" : "--secure-port or --insecure-port"), fault);
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new StartupException(
                $"cannot listen on {_settings.BindAddress}:{_settings.SecurePort}: permission denied. Ports below 1024 need root; choose another with --secure-port", fault);
        }
        catch (SocketException fault)
        {
            throw new StartupException($"cannot listen on {_settings.BindAddress}:{_settings.SecurePort}: {fault.Message}", fault);
        }
    }

    /// <summary>Takes no new connections, lets requests finish, closes what is left when the token says so.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static void SetLimits(KestrelServerLimits limits, ServerSettings settings)
    {
        // Upstream's figures, where it has them.
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(90);
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(32);
        limits.MaxRequestHeadersTotalSize = 1024 * 1024;
        limits.MaxRequestLineSize = 1024 * 1024;
        limits.MaxRequestHeaderCount = 1000;
        limits.Http2.MaxRequestHeaderFieldSize = 256 * 1024;
        limits.Http2.MaxStreamsPerConnection = settings.MaxStreamsPerConnection;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
        // Bodies are bounded where they are read, with a Status for an answer.
        limits.MaxRequestBodySize = null;
        // A watch may be silent for hours, and its client may sleep; requests have their own time limit.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
    }

    private void Configure(KestrelServerOptions options, TlsServer tls)
    {
        options.AddServerHeader = false;
        SetLimits(options.Limits, _settings);
        options.Listen(_settings.BindAddress, _settings.SecurePort, listen =>
        {
            _secure = listen;
            listen.Protocols = _settings.Http2 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
            listen.Use(next => connection => PlainHttpOnTls.ServeAsync(connection, next, _handshakeTimeout));
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = tls.OnConnectionAsync, HandshakeTimeout = _handshakeTimeout });
            listen.Use(next => connection =>
            {
                ClientCertificateAuthenticator.Observe(
                    connection, tls.IntermediatesOf(connection.Features.Get<ISslStreamFeature>()?.SslStream));
                if (connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual("h2"u8) is true)
                    return GatheredOutput.ServeAsync(connection, next);
                Http1Output.Insert(connection);
                return next(connection);
            });
        });
        if (_settings.InsecurePort is not { } port)
            return;
        options.Listen(IPAddress.Loopback, port, listen =>
        {
            _insecure = listen;
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection =>
            {
                InsecurePort.Mark(connection);
                Http1Output.Insert(connection);
                return next(connection);
            });
        });
    }

    private void SetTransport(SocketTransportOptions options)
    {
        options.Backlog = 1024;
        options.CreateBoundListenSocket = endpoint => Bind(endpoint, _settings);
    }

    private static Socket Bind(EndPoint endpoint, ServerSettings settings)
    {
        const int solSocket = 1;
        const int soReusePort = 15;
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (settings.ShareAddress)
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        if (settings.SharePort && OperatingSystem.IsLinux())
            socket.SetRawSocketOption(solSocket, soReusePort, BitConverter.GetBytes(1));
        try
        {
            socket.Bind(endpoint);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return socket;
    }
}
