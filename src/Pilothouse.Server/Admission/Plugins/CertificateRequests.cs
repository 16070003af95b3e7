using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>What the plugins on certificate signing requests share.</summary>
internal static class CertificateRequests
{
    public static readonly GroupResource Resource = new("certificates.k8s.io", "certificatesigningrequests");
}
