using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication;

/// <summary>The authorities whose client certificates are users. One writer may replace them while requests are served.</summary>
public sealed class ClientCertificateTrust
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string CredentialId = "authentication.kubernetes.io/credential-id";

    private volatile Roots _current;

    public ClientCertificateTrust(IEnumerable<X509Certificate2> authorities) => _current = new(authorities);

    /// <summary>The authorities now.</summary>
    internal Roots Current => _current;

    /// <summary>Trusts these from now on; connections that are open are judged anew.</summary>
    public void Replace(IEnumerable<X509Certificate2> authorities) => _current = new(authorities);

    /// <summary>The user of a certificate; null if it names none; 401 if none of the authorities vouches for it now.</summary>
    public Outcome<UserInfo?> Identify(X509Certificate2 certificate, DateTimeOffset now) => Identify(certificate, _current, now);

    /// <summary>The user of a certificate; null if it names none; 401 if none of the authorities vouches for it now.</summary>
    internal static Outcome<UserInfo?> Identify(X509Certificate2 certificate, Roots roots, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots.Certificates);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        policy.VerificationTimeIgnored = false;
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        var good = chain.Build(certificate) && HasClientUsage(certificate);
        foreach (var element in chain.ChainElements)
            element.Certificate.Dispose();
        if (!good)
            return Status.Unauthorized();
        var subject = CertificateSubject.Read(certificate.SubjectName.RawData);
        if (subject.CommonName.Length == 0)
            return (UserInfo?)null;
        var id = "X509SHA256=" + Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span));
        return new UserInfo(subject.CommonName, subject.Uid, [.. subject.Organizations, UserInfo.Authenticated],
            new Dictionary<string, IReadOnlyList<string>> { [CredentialId] = [id] });
    }

    /// <summary>The usage must be stated: a chain check takes a certificate without any as good for all.</summary>
    private static bool HasClientUsage(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(usage => usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value is ClientAuthentication or "2.5.29.37.0"));

    /// <summary>One state of the trusted authorities.</summary>
    internal sealed class Roots(IEnumerable<X509Certificate2> certificates)
    {
        public X509Certificate2Collection Certificates { get; } = [.. certificates];
    }
}
