using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Pilothouse.Server.CertificateSigning;

/// <summary>What the built-in signers sign, whoever approved it (upstream: the CSR signing controller, and the reference of signer names).</summary>
internal static class SignerPolicy
{
    private const string Nodes = "system:nodes";

    /// <summary>Whether it is one of the names that this server signs for.</summary>
    public static bool Knows(string signer) =>
        signer is SignerNames.ApiServerClient or SignerNames.ApiServerClientKubelet or SignerNames.KubeletServing;

    /// <summary>What is wrong with a request; null when it may be signed.</summary>
    public static string? Fault(SignerRequest request) => request.SignerName switch
    {
        SignerNames.ApiServerClient => HasOnly(request, "client auth", "digital signature", "key encipherment"),
        SignerNames.ApiServerClientKubelet => NodeFault(request, "client auth")
            ?? (request.AlternativeNames is null ? null : "DNS, IP, email and URI subject alternative names are not allowed"),
        SignerNames.KubeletServing => NodeFault(request, "server auth") ?? NamesFault(request),
        _ => "the signer is not one of this server's",
    };

    private static string? HasOnly(SignerRequest request, string needed, params ReadOnlySpan<string> others)
    {
        if (!request.Usages.Contains(needed))
            return $"usages did not include {needed}";
        foreach (var usage in request.Usages)
        {
            if (usage != needed && !others.Contains(usage))
                return $"usage {usage} is not allowed";
        }
        return null;
    }

    private static string? NodeFault(SignerRequest request, string needed)
    {
        if (request.Subject.Organizations is not [Nodes])
            return $"subject organization is not {Nodes}";
        if (!request.Subject.CommonName.StartsWith("system:node:", StringComparison.Ordinal))
            return "subject common name does not begin with system:node: ";
        return request.Usages.Contains("digital signature")
            ? HasOnly(request, needed, "digital signature", "key encipherment")
            : "usages did not include digital signature";
    }

    private static string? NamesFault(SignerRequest request)
    {
        if (request.AlternativeNames is not { } extension)
            return "DNS or IP subjectAltName is required";
        var names = new X509SubjectAlternativeNameExtension(extension.RawData);
        return names.EnumerateDnsNames().Any() || names.EnumerateIPAddresses().Any<IPAddress>() ? null
            : "DNS or IP subjectAltName is required";
    }
}
