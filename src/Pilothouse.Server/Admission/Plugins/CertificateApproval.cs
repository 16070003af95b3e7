using Pilothouse.Objects;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.CertificateSigning;

namespace Pilothouse.Server.Admission;

/// <summary>Who approves or denies a certificate signing request must have the right to, for its signer.</summary>
internal sealed class CertificateApproval(IAuthorizer authorizer) : IValidatingAdmission
{
    public string Name => "CertificateApproval";

    public bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Update && request.Context.Subresource == "approval"
        && request.Context.Resource.Stored.Resource == CertificateRequests.Resource;

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var signer = request.Object.Object("spec")?.Text("signerName") ?? "";
        return await SignerRights.HasAsync(authorizer, request.Context.User, "approve", signer, cancellationToken) ? null
            : AdmissionPlugins.Forbidden(request, $"user not permitted to approve requests with signerName {GoText.Quote(signer)}");
    }
}
