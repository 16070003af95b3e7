using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pilothouse.Catalog;

/// <summary>Bundles of certificate authorities, as a client's TLS settings take them.</summary>
internal static class CertificateBundle
{
    private const string Prefix = "unable to load root certificates: ";

    /// <summary>What is wrong with a bundle; null when a certificate is in it, or nothing at all.</summary>
    /// <param name="base64">The bundle as a field of type bytes holds it: PEM in base64.</param>
    public static string? Fault(string base64)
    {
        if (base64.Length == 0)
            return null;
        var rest = Encoding.UTF8.GetString(Convert.FromBase64String(base64)).AsSpan();
        if (!PemEncoding.TryFind(rest, out _))
            return Prefix + "unable to parse bytes as PEM block";
        var (malformed, trailing) = (false, false);
        while (PemEncoding.TryFind(rest, out var block))
        {
            if (rest[block.Label] is "CERTIFICATE")
            {
                if (IsCertificate(rest[block.Base64Data].ToString()))
                    return null;
                malformed = true;
            }
            rest = rest[block.Location.End..];
            trailing = rest.Length > 0;
        }
        return Prefix + (malformed ? "failed to parse certificate: x509: malformed certificate"
            : trailing ? "unable to parse bytes as PEM block"
            : "no valid certificate authority data seen");
    }

    private static bool IsCertificate(string base64)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
