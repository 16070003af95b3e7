using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pilothouse.Server.Tests.Webhooks;

/// <summary>A certificate authority of the tests' own: signs for servers and clients, well and badly.</summary>
public sealed class TestAuthority
{
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name = "test-ca")
    {
        var request = new CertificateRequest($"CN={name}-{Guid.NewGuid():n}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>For a server on loopback, unless other names are given.</summary>
    public X509Certificate2 IssueServing(params string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Length == 0 ? ["localhost", "127.0.0.1"] : names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }
        return Issue(new("CN=test-server"), ServerUsage, alternatives.Build());
    }

    /// <summary>For a client.</summary>
    /// <param name="user">The common name.</param>
    /// <param name="groups">The organizations.</param>
    /// <param name="usage">Empty to say nothing of it.</param>
    /// <param name="from">From when on it is good.</param>
    /// <param name="until">Up to when.</param>
    /// <param name="uid">The user's UID; empty for none.</param>
    public X509Certificate2 IssueClient(
        string user, string[]? groups = null, string usage = ClientUsage, DateTimeOffset? from = null, DateTimeOffset? until = null, string uid = "")
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (var group in groups ?? [])
            subject.AddOrganizationName(group);
        if (user.Length > 0)
            subject.AddCommonName(user);
        if (uid.Length > 0)
            subject.Add("1.3.6.1.4.1.57683.2", uid, System.Formats.Asn1.UniversalTagNumber.UTF8String);
        return Issue(subject.Build(), usage, null, from, until);
    }

    public X509Certificate2 Issue(
        X500DistinguishedName subject, string usage, X509Extension? alternatives, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        if (usage.Length > 0)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (alternatives is not null)
            request.CertificateExtensions.Add(alternatives);
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        using var signed = request.Create(
            Certificate, from ?? DateTimeOffset.UtcNow.AddDays(-1), until ?? DateTimeOffset.UtcNow.AddDays(1), serial);
        return signed.CopyWithPrivateKey(key);
    }
}
