using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication;

namespace Pilothouse.Server.CertificateSigning;

/// <summary>A certificate signing request, read: the request itself, and what its spec wants.</summary>
internal sealed class SignerRequest
{
    private const string AlternativeNamesOid = "2.5.29.17";

    private SignerRequest(JsonObject spec, CertificateRequest request)
    {
        SignerName = spec.Text("signerName") ?? "";
        Usages = [.. (spec.List("usages") ?? []).Select(u => u.AsText() ?? "")];
        Lifetime = spec.Integer("expirationSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        Request = request;
        Subject = CertificateSubject.Read(request.SubjectName.RawData);
        AlternativeNames = request.CertificateExtensions.FirstOrDefault(e => e.Oid?.Value == AlternativeNamesOid);
    }

    public string SignerName { get; }

    public IReadOnlyList<string> Usages { get; }

    /// <summary>How long the certificate is to last; null for the signer's own choice.</summary>
    public TimeSpan? Lifetime { get; }

    public CertificateRequest Request { get; }

    public CertificateSubject Subject { get; }

    /// <summary>The names and addresses that are asked for beside the subject; null for none.</summary>
    public X509Extension? AlternativeNames { get; }

    /// <summary>Reads an object; null when what it holds is no request for a certificate.</summary>
    public static SignerRequest? Read(JsonObject obj)
    {
        if (obj.Object("spec") is not { } spec || spec.Text("request") is not { Length: > 0 } encoded)
            return null;
        try
        {
            var pem = Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
            return new(spec, CertificateRequest.LoadSigningRequestPem(
                pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1));
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException or ArgumentException or NotSupportedException
            or System.Formats.Asn1.AsnContentException)
        {
            return null;
        }
    }
}
