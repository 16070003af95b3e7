using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Pilothouse.Objects;

namespace Pilothouse.Server.Webhooks;

/// <summary>What Go's crypto/tls and crypto/x509 say of a handshake that failed.</summary>
internal static class TlsText
{
    private const string Prefix = "tls: failed to verify certificate: ";

    /// <summary>Why a server's certificate does not do; null when it does. The checks come in Go's order.</summary>
    /// <param name="certificate">What the server showed first.</param>
    /// <param name="others">What it showed besides.</param>
    /// <param name="authorities">Who may have signed it; null for whomever this host trusts.</param>
    /// <param name="name">The name or address that it must carry.</param>
    /// <param name="now">The time.</param>
    public static string? Refuse(
        X509Certificate2 certificate, X509Certificate2Collection others, X509Certificate2Collection? authorities, string name, DateTimeOffset now)
    {
        if (now.UtcDateTime > certificate.NotAfter.ToUniversalTime())
            return $"{Prefix}x509: certificate has expired or is not yet valid: current time {GoTime.From(now)} is after {Moment(certificate.NotAfter)}";
        if (now.UtcDateTime < certificate.NotBefore.ToUniversalTime())
            return $"{Prefix}x509: certificate has expired or is not yet valid: current time {GoTime.From(now)} is before {Moment(certificate.NotBefore)}";
        if (!certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false))
            return Prefix + OtherName(certificate, name);
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        policy.VerificationTimeIgnored = false;
        policy.ExtraStore.AddRange(others);
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }
        policy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        if (chain.Build(certificate))
            return null;
        // A certificate that is itself among the trusted ones is good, whoever signed it.
        if (authorities is not null && authorities.Any(a => a.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span))
            && chain.ChainStatus.All(s => s.Status is X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot))
            return null;
        return chain.ChainStatus.All(s => s.Status == X509ChainStatusFlags.NotValidForUsage)
            ? Prefix + "x509: certificate specifies an incompatible key usage"
            : Prefix + "x509: certificate signed by unknown authority";
    }

    /// <summary>What Go says when the other side refused ours, or spoke no TLS; null when it is something else.</summary>
    public static string? OfAlert(Exception fault)
    {
        if (fault is not AuthenticationException and not IOException)
            return null;
        var text = fault.InnerException?.Message ?? fault.Message;
        if (text.Contains("alert", StringComparison.OrdinalIgnoreCase))
        {
            return text.Contains("certificate required", StringComparison.OrdinalIgnoreCase) ? "remote error: tls: certificate required"
                : text.Contains("unknown ca", StringComparison.OrdinalIgnoreCase) ? "remote error: tls: unknown certificate authority"
                : text.Contains("bad certificate", StringComparison.OrdinalIgnoreCase) ? "remote error: tls: bad certificate"
                : text.Contains("protocol version", StringComparison.OrdinalIgnoreCase) ? "remote error: tls: protocol version not supported"
                : "remote error: tls: handshake failure";
        }
        return fault is AuthenticationException && text.Contains("frame", StringComparison.OrdinalIgnoreCase)
            ? "http: server gave HTTP response to HTTPS client"
            : null;
    }

    private static string OtherName(X509Certificate2 certificate, string name)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        if (alternatives is null && string.Equals(certificate.GetNameInfo(X509NameType.SimpleName, false), name, StringComparison.OrdinalIgnoreCase))
            return "x509: certificate relies on legacy Common Name field, use SANs instead";
        List<string> valid = [];
        if (IPAddress.TryParse(name, out _))
        {
            valid.AddRange(alternatives?.EnumerateIPAddresses().Select(a => a.ToString()) ?? []);
            if (valid.Count == 0)
                return $"x509: cannot validate certificate for {name} because it doesn't contain any IP SANs";
        }
        else
        {
            valid.AddRange(alternatives?.EnumerateDnsNames() ?? []);
        }
        return valid.Count == 0
            ? $"x509: certificate is not valid for any names, but wanted to match {name}"
            : $"x509: certificate is valid for {string.Join(", ", valid)}, not {name}";
    }

    private static GoTime Moment(DateTime time) => GoTime.From(new DateTimeOffset(time.ToUniversalTime()));
}
