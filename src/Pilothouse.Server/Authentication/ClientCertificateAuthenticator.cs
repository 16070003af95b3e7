using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authentication;

/// <summary>
/// Knows the client certificate of a TLS connection: CN is the user, O are the groups. The handshake takes any certificate;
/// whether it is good is decided here, once per connection: the answer stays with it until the certificate expires or
/// other authorities are trusted.
/// </summary>
public sealed class ClientCertificateAuthenticator(ClientCertificateTrust trust) : IAuthenticator
{
    /// <summary>To be called by the host for each connection once its handshake is done.</summary>
    public static void Observe(ConnectionContext connection)
    {
        if (connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate)
            connection.Features.Set(new Caller(certificate));
    }

    public ValueTask<Outcome<UserInfo?>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken) =>
        new(request.Http.Features.Get<Caller>() is { } caller ? caller.Identify(trust, request.Received) : (UserInfo?)null);

    /// <summary>The certificate of a connection and what was decided about it.</summary>
    private sealed class Caller(X509Certificate2 certificate)
    {
        private volatile Decision? _decision;

        public Outcome<UserInfo?> Identify(ClientCertificateTrust trust, DateTimeOffset now)
        {
            var roots = trust.Current;
            var decision = _decision;
            if (decision is null || !ReferenceEquals(decision.Roots, roots) || now >= decision.Until)
            {
                // Requests of one HTTP/2 connection may decide at the same time: they decide alike.
                var answer = ClientCertificateTrust.Identify(certificate, roots, now);
                _decision = decision = new(roots, new DateTimeOffset(certificate.NotAfter.ToUniversalTime()), answer);
            }
            return decision.Answer;
        }

        private sealed record Decision(ClientCertificateTrust.Roots Roots, DateTimeOffset Until, Outcome<UserInfo?> Answer);
    }
}
