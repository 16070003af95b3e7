using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Pilothouse.Server.Webhooks;

/// <summary>Opens connections to a webhook, TLS and all; what fails is said as Go says it.</summary>
internal sealed class WebhookConnector(WebhookTarget target, TimeProvider time)
{
    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="WebhookConnectException">There is no connection.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var endpoint = new DnsEndPoint(context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port);
        var name = target.ServerName.Length > 0 ? target.ServerName : endpoint.Host;
        if (target.Resolve is { } resolve)
        {
            if (!(await resolve(cancellationToken)).TryGet(out var resolved, out var failure))
                throw new WebhookConnectException(failure.Message);
            endpoint = resolved;
        }
        var stream = new NetworkStream(await DialAsync(endpoint, cancellationToken), ownsSocket: true);
        if (context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps)
            return stream;
        return await HandshakeAsync(stream, name, cancellationToken);
    }

    /// <summary>Tries the host's addresses in turn; if none answers, the first one's failure is told.</summary>
    private static async ValueTask<Socket> DialAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(endpoint.Host, out var literal)
                ? [literal]
                : await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
        }
        catch (SocketException fault)
        {
            throw new WebhookConnectException($"dial tcp: lookup {endpoint.Host}: {LookupText(fault.SocketErrorCode)}", cause: fault);
        }
        WebhookConnectException? first = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, endpoint.Port, cancellationToken);
                return socket;
            }
            catch (SocketException fault)
            {
                socket.Dispose();
                first ??= new(
                    $"dial tcp {new IPEndPoint(address, endpoint.Port)}: {ConnectText(fault)}", fault.SocketErrorCode == SocketError.ConnectionReset, fault);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw first ?? new WebhookConnectException($"dial tcp: lookup {endpoint.Host}: no such host");
    }

    private async ValueTask<Stream> HandshakeAsync(NetworkStream inner, string name, CancellationToken cancellationToken)
    {
        string? refusal = null;
        var stream = new SslStream(inner);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ClientCertificateContext = target.ClientCertificate is { } own
                        ? SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true)
                        : null,
                    // The platform's own judgement is not asked for, and above all nothing is fetched for it.
                    CertificateChainPolicy = new()
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        RevocationMode = X509RevocationMode.NoCheck,
                        DisableCertificateDownloads = true,
                        VerificationFlags = X509VerificationFlags.AllFlags,
                    },
                    RemoteCertificateValidationCallback = (_, shown, chain, _) =>
                        (refusal = Refuse(shown, chain, name)) is null,
                },
                cancellationToken);
            return stream;
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException)
        {
            await stream.DisposeAsync();
            throw new WebhookConnectException(
                refusal ?? TlsText.OfAlert(fault) ?? (fault is IOException ? Hangup(fault) : fault.Message), fault is IOException, fault);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private string? Refuse(X509Certificate? shown, X509Chain? chain, string name)
    {
        if (target.SkipsVerification)
            return null;
        if (shown is not X509Certificate2 certificate)
            return "tls: server showed no certificate";
        return TlsText.Refuse(certificate, chain?.ChainPolicy.ExtraStore ?? [], target.Authorities, name, time.GetUtcNow());
    }

    private static string Hangup(Exception fault) =>
        fault.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset } ? "read: connection reset by peer" : "EOF";

    private static string LookupText(SocketError error) => error switch
    {
        SocketError.TryAgain => "server misbehaving",
        SocketError.TimedOut => "i/o timeout",
        _ => "no such host",
    };

    private static string ConnectText(SocketException fault) => fault.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connect: connection refused",
        SocketError.ConnectionReset => "connect: connection reset by peer",
        SocketError.NetworkUnreachable => "connect: network is unreachable",
        SocketError.HostUnreachable => "connect: no route to host",
        SocketError.TimedOut => "i/o timeout",
        _ => $"connect: {fault.Message}",
    };
}
