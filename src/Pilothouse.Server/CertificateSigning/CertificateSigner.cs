using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pilothouse.Server.CertificateSigning;

/// <summary>
/// An authority that signs requests (<c>--cluster-signing-cert-file</c>, <c>--cluster-signing-key-file</c>): what
/// kube-controller-manager does elsewhere, for clusters that have none.
/// </summary>
/// <param name="authority">The certificate with its key.</param>
/// <param name="longest">How long certificates last at most (<c>--cluster-signing-duration</c>).</param>
public sealed class CertificateSigner(X509Certificate2 authority, TimeSpan longest)
{
    /// <summary>Clocks of other hosts may be behind.</summary>
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, X509KeyUsageFlags> s_keyUsages = new(StringComparer.Ordinal)
    {
        ["signing"] = X509KeyUsageFlags.DigitalSignature,
        ["digital signature"] = X509KeyUsageFlags.DigitalSignature,
        ["content commitment"] = X509KeyUsageFlags.NonRepudiation,
        ["key encipherment"] = X509KeyUsageFlags.KeyEncipherment,
        ["key agreement"] = X509KeyUsageFlags.KeyAgreement,
        ["data encipherment"] = X509KeyUsageFlags.DataEncipherment,
    };

    private static readonly Dictionary<string, string> s_extendedUsages = new(StringComparer.Ordinal)
    {
        ["server auth"] = "1.3.6.1.5.5.7.3.1",
        ["client auth"] = "1.3.6.1.5.5.7.3.2",
    };

    /// <summary>The certificate as PEM.</summary>
    internal string Sign(SignerRequest request, DateTimeOffset now)
    {
        var signed = new CertificateRequest(
            request.Request.SubjectName, request.Request.PublicKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        signed.CertificateExtensions.Add(new X509KeyUsageExtension(
            request.Usages.Aggregate(X509KeyUsageFlags.None, (flags, usage) => flags | s_keyUsages.GetValueOrDefault(usage)), true));
        var extended = new OidCollection();
        foreach (var usage in request.Usages.Where(s_extendedUsages.ContainsKey))
            extended.Add(new Oid(s_extendedUsages[usage]));
        if (extended.Count > 0)
            signed.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(extended, false));
        signed.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        signed.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        if (request.AlternativeNames is { } names)
            signed.CertificateExtensions.Add(names);

        var lifetime = request.Lifetime is { } asked && asked < longest ? asked : longest;
        var (start, end) = (now - s_clockSkew, now + lifetime);
        var (first, last) = (new DateTimeOffset(authority.NotBefore.ToUniversalTime()), new DateTimeOffset(authority.NotAfter.ToUniversalTime()));
        if (start < first)
            start = first;
        if (end > last)
            end = last;
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40); // positive, and of full length
        using var key = (AsymmetricAlgorithm?)authority.GetECDsaPrivateKey() ?? authority.GetRSAPrivateKey();
        var generator = key switch
        {
            ECDsa ecdsa => X509SignatureGenerator.CreateForECDsa(ecdsa),
            RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
            _ => throw new CryptographicException("the signing authority's key is neither ECDSA nor RSA"),
        };
        using var certificate = signed.Create(authority.SubjectName, generator, start, end, serial);
        return certificate.ExportCertificatePem() + "\n";
    }
}
