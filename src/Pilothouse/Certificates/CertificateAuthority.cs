using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pilothouse.Certificates;

/// <summary>Our own authority: signs the serving certificate and the administrator's, when none are given.</summary>
internal sealed class CertificateAuthority(KeyPair pair)
{
    private static readonly TimeSpan _authorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan _leafLife = TimeSpan.FromDays(365);

    /// <summary>Clocks of other hosts may be behind.</summary>
    private static readonly TimeSpan _clockSkew = TimeSpan.FromMinutes(5);

    public KeyPair Pair { get; } = pair;

    public static CertificateAuthority Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The name is its own: two authorities with the same name and different keys confuse those who trust both.
        var request = new CertificateRequest($"CN=pilothouse-ca@{now.ToUnixTimeSeconds()}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var made = request.CreateSelfSigned(now - _clockSkew, now + _authorityLife);
        return new(KeyPair.Of(X509CertificateLoader.LoadCertificate(made.RawData), key));
    }

    public KeyPair IssueServing(IEnumerable<string> names, IEnumerable<IPAddress> addresses, DateTimeOffset now)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        foreach (var address in addresses)
            alternatives.AddIpAddress(address);
        return Issue(new("CN=kube-apiserver"), "1.3.6.1.5.5.7.3.1", alternatives.Build(), now);
    }

    public KeyPair IssueClient(string user, string group, DateTimeOffset now)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(group);
        subject.AddCommonName(user);
        return Issue(subject.Build(), "1.3.6.1.5.5.7.3.2", null, now);
    }

    private KeyPair Issue(X500DistinguishedName subject, string usage, X509Extension? alternatives, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Pair.Certificate, true, false));
        if (alternatives is not null)
            request.CertificateExtensions.Add(alternatives);
        var end = now + _leafLife;
        if (end > Pair.Expires)
            end = Pair.Expires;
        // The clock may have been set back since the authority was made.
        var start = new DateTimeOffset(Pair.Certificate.NotBefore.ToUniversalTime());
        if (start < now - _clockSkew)
            start = now - _clockSkew;
        return KeyPair.Of(request.Create(Pair.Certificate, start, end, Serial()), key);
    }

    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f; // positive
        serial[0] |= 0x40; // and of full length
        return serial;
    }
}
