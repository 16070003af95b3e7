using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pilothouse.Bench.Bare;

internal static class Certificates
{
    /// <summary>A certificate for localhost, of the kind that Pilothouse makes for itself.</summary>
    public static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
