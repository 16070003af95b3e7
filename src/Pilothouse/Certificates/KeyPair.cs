using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pilothouse.Certificates;

/// <summary>A certificate with its key, as PEM and ready for use.</summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="CertificatePem">The certificate, and its chain behind it.</param>
/// <param name="KeyPem">The private key.</param>
internal sealed record KeyPair(X509Certificate2 Certificate, string CertificatePem, string KeyPem)
{
    public DateTimeOffset Expires => new(Certificate.NotAfter.ToUniversalTime());

    /// <summary>Reads a pair of files; null when neither exists.</summary>
    /// <exception cref="StartupException">One is missing, or they are not what they should be.</exception>
    public static KeyPair? Load(string certificateFile, string keyFile)
    {
        if (!File.Exists(certificateFile) && !File.Exists(keyFile))
            return null;
        try
        {
            var certificate = File.ReadAllText(certificateFile);
            var key = File.ReadAllText(keyFile);
            return new(Usable(X509Certificate2.CreateFromPem(certificate, key)), certificate, key);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"cannot use the certificate {certificateFile} with the key {keyFile}: {fault.Message}", fault);
        }
    }

    public static KeyPair Of(X509Certificate2 certificate, ECDsa key)
    {
        using (certificate)
            return new(Usable(certificate.CopyWithPrivateKey(key)), certificate.ExportCertificatePem() + "\n", key.ExportECPrivateKeyPem() + "\n");
    }

    public void Save(string certificateFile, string keyFile)
    {
        PrivateFile.Write(keyFile, KeyPem);
        PrivateFile.Write(certificateFile, CertificatePem);
    }

    /// <summary>Windows serves TLS only with keys that went through its own store format.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
