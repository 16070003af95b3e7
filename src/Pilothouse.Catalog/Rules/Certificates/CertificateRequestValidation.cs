using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What a certificate signing request must say: a request in PKCS#10, a signer, and what the certificate is for.</summary>
internal static class CertificateRequestValidation
{
    private const string LegacySigner = "kubernetes.io/legacy-unknown";
    private const int MinSeconds = 600;

    private static readonly FieldPath Conditions = FieldPath.Status.Child("conditions");

    private static readonly string[] Usages =
    [
        "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only",
        "digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement",
        "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping",
    ];

    private static readonly string[] States = ["False", "True", "Unknown"];

    /// <summary>Checks a request; what an old one has wrong may stay so.</summary>
    public static void Validate(JsonObject obj, JsonObject? old, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var text = spec.Text("request");
        if (FaultOfRequest(text) is { } fault)
            errors.Invalid(FieldPath.Spec.Child("request"), string.IsNullOrEmpty(text) ? null : text, fault);
        if (spec.CountOf("usages") == 0)
            errors.Required(FieldPath.Spec.Child("usages"));
        ValidateUsages(spec, old.Object("spec"), errors);
        var signer = spec.Word("signerName");
        if (signer == LegacySigner && old.Object("spec").Word("signerName") != LegacySigner)
            errors.Invalid(FieldPath.Spec.Child("signerName"), signer, "the legacy signerName is not allowed via this API version");
        else
            ValidateSigner(signer, FieldPath.Spec.Child("signerName"), errors);
        if (spec.Integer("expirationSeconds") is < MinSeconds and { } seconds)
        {
            errors.Invalid(FieldPath.Spec.Child("expirationSeconds"), seconds,
                $"may not specify a duration less than {MinSeconds} seconds (10 minutes)");
        }
        ValidateConditions(obj, old, errors);
    }

    /// <summary>A signer's name: a domain, a slash, and labels with dots between them.</summary>
    public static void ValidateSigner(string signer, FieldPath path, FieldErrors errors)
    {
        if (signer.Length == 0)
        {
            errors.Required(path);
            return;
        }
        var slash = signer.IndexOf('/');
        if (slash < 0 || signer.IndexOf('/', slash + 1) >= 0)
        {
            errors.Invalid(path, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        var (domain, name) = (signer[..slash], signer[(slash + 1)..]);
        if (FieldChecks.Bytes(domain) > NameFormats.MaxSubdomainLength)
            errors.TooLong(path, NameFormats.MaxSubdomainLength);
        var labels = domain.Split('.');
        ValidateLabels(domain, labels, NameFormats.DnsLabel, path, errors);
        if (labels.Length < 2)
            errors.Invalid(path, domain, "should be a domain with at least two segments separated by dots");
        ValidateLabels(name, name.Split('.'), NameFormats.DnsSubdomain, path, errors);
        const int MaxSigner = (2 * NameFormats.MaxSubdomainLength) + NameFormats.MaxLabelLength + 2;
        if (FieldChecks.Bytes(signer) > MaxSigner)
            errors.TooLong(path, MaxSigner);
    }

    private static void ValidateLabels(
        string shown, string[] labels, Func<string, IReadOnlyList<string>> check, FieldPath path, FieldErrors errors)
    {
        foreach (var label in labels)
        {
            var faults = check(label);
            foreach (var fault in faults)
                errors.Invalid(path, shown, $"validating label {GoText.Quote(label)}: {fault}");
            if (faults.Count > 0)
                return;
        }
    }

    private static void ValidateUsages(JsonObject spec, JsonObject? old, FieldErrors errors)
    {
        var (hadUnknown, hadDuplicate) = (false, false);
        var before = new HashSet<string>();
        foreach (var (_, usage) in old.Words("usages"))
        {
            hadUnknown |= !Usages.Contains(usage);
            hadDuplicate |= !before.Add(usage);
        }
        foreach (var (i, usage) in spec.Words("usages"))
        {
            if (!hadUnknown && !Usages.Contains(usage))
                errors.NotSupported(FieldPath.Spec.Child("usages").Index(i), usage, Usages);
        }
        var seen = new HashSet<string>();
        foreach (var (i, usage) in spec.Words("usages"))
        {
            if (!seen.Add(usage) && !hadDuplicate)
                errors.Duplicate(FieldPath.Spec.Child("usages").Index(i), usage);
        }
    }

    private static void ValidateConditions(JsonObject obj, JsonObject? old, FieldErrors errors)
    {
        var (hadEmpty, hadDuplicate) = (false, false);
        var before = new HashSet<string>();
        foreach (var (_, condition) in old.Object("status").Items("conditions"))
        {
            hadEmpty |= condition.Word("type").Length == 0;
            hadDuplicate |= !before.Add(condition.Word("type"));
        }
        var hadBoth = before.Contains("Approved") && before.Contains("Denied");
        var seen = new HashSet<string>();
        foreach (var (i, condition) in obj.Object("status").Items("conditions"))
        {
            var path = Conditions.Index(i);
            var (type, state) = (condition.Word("type"), condition.Word("status"));
            if (type.Length == 0 && !hadEmpty)
                errors.Required(path.Child("type"));
            string[] allowed = type is "Approved" or "Denied" or "Failed" ? ["True"] : States;
            if (state.Length == 0)
                errors.Required(path.Child("status"));
            else if (!allowed.Contains(state))
                errors.NotSupported(path.Child("status"), state, allowed);
            var other = type == "Approved" ? "Denied" : type == "Denied" ? "Approved" : null;
            if (!hadBoth && other is not null && seen.Contains(other))
                errors.Invalid(Conditions, type, "Approved and Denied conditions are mutually exclusive");
            if (!seen.Add(type) && !hadDuplicate)
                errors.Duplicate(path.Child("type"), type);
        }
    }

    private static string? FaultOfRequest(string? text)
    {
        const string NoRequest = "PEM block type must be CERTIFICATE REQUEST";
        var pem = new byte[text?.Length ?? 0];
        if (text is null || !Convert.TryFromBase64String(text, pem, out var length))
            return NoRequest;
        var characters = Encoding.Latin1.GetString(pem.AsSpan(0, length));
        if (!PemEncoding.TryFind(characters, out var fields) || characters.AsSpan()[fields.Label] is not "CERTIFICATE REQUEST")
            return NoRequest;
        var der = new byte[fields.DecodedDataLength];
        if (!Convert.TryFromBase64Chars(characters.AsSpan()[fields.Base64Data], der, out length))
            return NoRequest;
        return FaultOfSignature(der.AsMemory(0, length));
    }

    /// <summary>A request is signed with its own key. Algorithms that the platform has not are not looked at.</summary>
    private static string? FaultOfSignature(ReadOnlyMemory<byte> der)
    {
        string algorithm;
        try
        {
            var outer = new AsnReader(der, AsnEncodingRules.DER);
            var request = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            request.ReadEncodedValue();
            algorithm = request.ReadSequence().ReadObjectIdentifier();
            request.ReadBitString(out _);
        }
        catch (AsnContentException)
        {
            return "asn1: structure error: tags don't match";
        }
        var isRsa = algorithm.StartsWith("1.2.840.113549.1.1.", StringComparison.Ordinal);
        if (!isRsa && !algorithm.StartsWith("1.2.840.10045.4.", StringComparison.Ordinal))
            return null;
        try
        {
            CertificateRequest.LoadSigningRequest(
                der.Span, HashAlgorithmName.SHA256, out _, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
            return null;
        }
        catch (CryptographicException)
        {
            return isRsa ? "crypto/rsa: verification error" : "x509: ECDSA verification failure";
        }
    }
}
