using System.Security.Cryptography.X509Certificates;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication;

/// <summary>
/// The client certificate of a connection, and what was decided about it: a feature of the connection. Decisions stay until
/// the certificate expires or other authorities are trusted.
/// </summary>
internal sealed class PeerCertificate(X509Certificate2 certificate, X509Certificate2Collection intermediates)
{
    /// <summary>A certificate that is not good now may become so: when its time comes.</summary>
    private static readonly TimeSpan s_refusalLife = TimeSpan.FromSeconds(10);

    // Users' authorities and proxies': there are no others.
    private volatile Decision[] _decisions = [];

    public X509Certificate2 Certificate => certificate;

    /// <summary>What the authorities make of it now.</summary>
    public Decision Judge(ClientCertificateTrust trust, DateTimeOffset now)
    {
        var roots = trust.Current;
        foreach (var known in _decisions)
        {
            if (ReferenceEquals(known.Roots, roots) && now < known.Until)
                return known;
        }
        // Requests of one HTTP/2 connection may decide at the same time: they decide alike.
        var decision = ClientCertificateTrust.Verify(certificate, intermediates, roots, now).TryGet(out var good, out var refused)
            ? new Decision(roots, good.Until, good.Subject.CommonName, ClientCertificateTrust.UserOf(certificate, good.Subject), IsGood: true)
            : new Decision(roots, now + s_refusalLife, "", refused, IsGood: false);
        _decisions = [decision, .. _decisions.Where(d => !ReferenceEquals(d.Roots, roots) && now < d.Until).Take(1)];
        return decision;
    }

    /// <summary>A decision.</summary>
    /// <param name="Roots">By whom.</param>
    /// <param name="Until">How long it holds.</param>
    /// <param name="CommonName">The name that a good certificate carries.</param>
    /// <param name="User">The user whom it stands for, where it is a user's.</param>
    /// <param name="IsGood">One of the authorities vouches for it.</param>
    internal sealed record Decision(
        ClientCertificateTrust.Roots Roots, DateTimeOffset Until, string CommonName, Outcome<UserInfo?> User, bool IsGood);
}
