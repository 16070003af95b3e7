using Microsoft.Extensions.Logging;
using Pilothouse.Settings;

namespace Pilothouse.Certificates;

/// <summary>All that TLS needs: what to show in handshakes, whose client certificates count, and our own certificates if there are any.</summary>
/// <param name="Handshakes">Decides for each handshake.</param>
/// <param name="ClientAuthorities">Whose client certificates are users.</param>
/// <param name="Own">Null when certificates were given.</param>
internal sealed record ServerTls(TlsServer Handshakes, ClientAuthorityFile ClientAuthorities, OwnCertificates? Own)
{
    /// <exception cref="StartupException">A certificate is missing or cannot be used.</exception>
    public static ServerTls Open(ServerSettings settings, TimeProvider time, ILogger log)
    {
        var own = settings.CertificateFile.Length == 0 ? new OwnCertificates(settings, time.GetUtcNow(), log) : null;
        var serving = own ?? (IServingCertificate)new CertificateFiles(settings.CertificateFile, settings.KeyFile, log);
        var named = settings.NamedCertificates.Select(n => (n, new CertificateFiles(n.CertificateFile, n.KeyFile, log))).ToList();
        var authorities = new ClientAuthorityFile("client-ca-file", settings.ClientAuthorityFile, own, log);
        return new(new TlsServer(settings, serving, named, authorities, time), authorities, own);
    }
}
