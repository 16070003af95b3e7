using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authentication;

/// <summary>
/// Knows the client certificate of a TLS connection: CN is the user, O are the groups. The handshake takes any certificate;
/// whether it is good is decided here, once per connection.
/// </summary>
public sealed class ClientCertificateAuthenticator(ClientCertificateTrust trust) : IAuthenticator
{
    /// <summary>To be called by the host for each connection once its handshake is done.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="intermediates">What the client showed with its certificate.</param>
    public static void Observe(ConnectionContext connection, X509Certificate2Collection? intermediates = null)
    {
        if (connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate)
            connection.Features.Set(new PeerCertificate(certificate, intermediates ?? []));
    }

    public ValueTask<Outcome<UserInfo?>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken) =>
        new(PeerOf(request) is { } peer ? peer.Judge(trust, request.Received).User : (UserInfo?)null);

    /// <summary>The certificate of the request's connection; null for none.</summary>
    internal static PeerCertificate? PeerOf(ApiRequest request) => request.Http.Features.Get<PeerCertificate>();
}
