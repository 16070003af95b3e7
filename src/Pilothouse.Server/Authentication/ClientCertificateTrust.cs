using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication;

/// <summary>The authorities whose client certificates are good. One writer may replace them while requests are served.</summary>
public sealed class ClientCertificateTrust
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string AnyUsage = "2.5.29.37.0";
    private const string CredentialId = "authentication.kubernetes.io/credential-id";

    private volatile Roots _current;

    public ClientCertificateTrust(IEnumerable<X509Certificate2> authorities) => _current = new(authorities);

    /// <summary>The authorities now.</summary>
    internal Roots Current => _current;

    /// <summary>Trusts these from now on; connections that are open are judged anew.</summary>
    public void Replace(IEnumerable<X509Certificate2> authorities) => _current = new(authorities);

    /// <summary>The user of a certificate; null if it names none; 401 if none of the authorities vouches for it now.</summary>
    public Outcome<UserInfo?> Identify(X509Certificate2 certificate, DateTimeOffset now) =>
        Verify(certificate, [], _current, now).TryGet(out var good, out var refused) ? UserOf(certificate, good.Subject) : refused;

    /// <summary>What a certificate says, and until when; 401 if none of the authorities vouches for it now.</summary>
    /// <param name="certificate">What was shown.</param>
    /// <param name="intermediates">What was shown with it.</param>
    /// <param name="roots">The authorities.</param>
    /// <param name="now">The time.</param>
    internal static Outcome<(CertificateSubject Subject, DateTimeOffset Until)> Verify(
        X509Certificate2 certificate, X509Certificate2Collection intermediates, Roots roots, DateTimeOffset now)
    {
        try
        {
            return Chain(certificate, intermediates, roots, now) is { } until
                ? (CertificateSubject.Read(certificate.SubjectName.RawData), until)
                : Status.Unauthorized();
        }
        catch (Exception fault) when (fault is CryptographicException or AsnContentException or ArgumentException)
        {
            return Status.Unauthorized(); // An authority signed something that is no certificate of ours.
        }
    }

    /// <summary>The user that a good certificate names; null for none; 401 for one who cannot be told.</summary>
    internal static Outcome<UserInfo?> UserOf(X509Certificate2 certificate, CertificateSubject subject)
    {
        if (subject.CommonName.Length == 0)
            return (UserInfo?)null;
        if (subject.Uids.Count > 1 || subject.Uids.Contains(""))
            return Status.Unauthorized();
        var id = "X509SHA256=" + Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span));
        return new UserInfo(subject.CommonName, subject.Uids is [var uid] ? uid : "", [.. subject.Organizations, UserInfo.Authenticated],
            new Dictionary<string, IReadOnlyList<string>> { [CredentialId] = [id] });
    }

    /// <summary>Until when there is a chain from the certificate to one of the authorities; null for none.</summary>
    private static DateTimeOffset? Chain(X509Certificate2 certificate, X509Certificate2Collection intermediates, Roots roots, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots.Certificates);
        policy.ExtraStore.AddRange(intermediates);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        policy.VerificationTimeIgnored = false;
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        var good = chain.Build(certificate) && HasClientUsage(certificate);
        var until = DateTimeOffset.MaxValue;
        foreach (var element in chain.ChainElements)
        {
            var end = new DateTimeOffset(element.Certificate.NotAfter.ToUniversalTime());
            until = end < until ? end : until;
            element.Certificate.Dispose();
        }
        return good ? until : null;
    }

    /// <summary>The usage must be stated: a chain check takes a certificate without any as good for all.</summary>
    private static bool HasClientUsage(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(usage => usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value is ClientAuthentication or AnyUsage));

    /// <summary>One state of the trusted authorities.</summary>
    internal sealed class Roots(IEnumerable<X509Certificate2> certificates)
    {
        public X509Certificate2Collection Certificates { get; } = [.. certificates];
    }
}
