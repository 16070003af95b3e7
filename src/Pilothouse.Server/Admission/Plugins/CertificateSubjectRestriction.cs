using Pilothouse.Objects;
using Pilothouse.Server.CertificateSigning;

namespace Pilothouse.Server.Admission;

/// <summary>Nobody gets into system:masters by a certificate that is asked for through the API.</summary>
internal sealed class CertificateSubjectRestriction : IValidatingAdmission
{
    public string Name => "CertificateSubjectRestriction";

    public bool Handles(AdmissionRequest request) => Plugin.Is(request, CertificateRequests.Resource, AdmissionOperation.Create);

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Object.Object("spec")?.Text("signerName") != SignerNames.ApiServerClient)
            return default;
        if (SignerRequest.Read(request.Object!) is not { } read)
            return new(AdmissionPlugins.Forbidden(request, "failed to parse CSR"));
        return new(read.Subject.Organizations.Contains(UserInfo.Masters)
            ? AdmissionPlugins.Forbidden(request, $"use of {SignerNames.ApiServerClient} signer with {UserInfo.Masters} group is not allowed")
            : null);
    }
}
