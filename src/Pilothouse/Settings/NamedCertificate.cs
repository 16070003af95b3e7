namespace Pilothouse.Settings;

/// <summary>A serving certificate for certain names (<c>--tls-sni-cert-key</c>).</summary>
/// <param name="CertificateFile">The certificate, and its chain behind it.</param>
/// <param name="KeyFile">Its key.</param>
/// <param name="Names">Host names, <c>*.</c> in front for all of a domain; empty for those that the certificate names.</param>
internal sealed record NamedCertificate(string CertificateFile, string KeyFile, IReadOnlyList<string> Names);
