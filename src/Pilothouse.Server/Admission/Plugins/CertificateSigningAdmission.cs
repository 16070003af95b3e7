using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.CertificateSigning;

namespace Pilothouse.Server.Admission;

/// <summary>Who puts a certificate or a condition into the status of a request must have the right to sign for its signer.</summary>
internal sealed class CertificateSigningAdmission(IAuthorizer authorizer) : IValidatingAdmission
{
    public string Name => "CertificateSigning";

    public bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Update && request.Context.Subresource == "status"
        && request.Context.Resource.Stored.Resource == CertificateRequests.Resource;

    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var (status, old) = (request.Object.Object("status"), request.OldObject.Object("status"));
        if (status?.Text("certificate") == old?.Text("certificate") && SameConditions(status, old))
            return null;
        var signer = request.OldObject.Object("spec")?.Text("signerName") ?? "";
        return await SignerRights.HasAsync(authorizer, request.Context.User, "sign", signer, cancellationToken) ? null
            : AdmissionPlugins.Forbidden(request, $"user not permitted to sign requests with signerName {GoText.Quote(signer)}");
    }

    private static bool SameConditions(JsonObject? status, JsonObject? old) => JsonNode.DeepEquals(status.List("conditions"), old.List("conditions"));
}
