using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Which requests and resources webhooks are about.</summary>
internal static class WebhookMatching
{
    /// <summary>Whoever configures admission must be able to repair it: no webhook sees these.</summary>
    public static bool IsExempt(AdmissionRequest request) => request.Context.Resource.Resource is
    {
        Group: "admissionregistration.k8s.io",
        Resource: "validatingwebhookconfigurations" or "mutatingwebhookconfigurations" or "validatingadmissionpolicies"
            or "validatingadmissionpolicybindings" or "mutatingadmissionpolicies" or "mutatingadmissionpolicybindings",
    };

    /// <summary>As which resource a webhook is to be asked; null when it is not.</summary>
    public static async ValueTask<Outcome<MatchedResource?>> MatchAsync(
        AdmissionWebhook webhook, ResourceCatalog catalog, AdmissionRequest request, CancellationToken cancellationToken)
    {
        var outcome = await webhook.Criteria.MatchAsync(catalog, request, cancellationToken);
        if (!outcome.TryGet(out var matched, out _) || matched is null || webhook.Conditions is not { } conditions)
            return outcome;
        if (!(await conditions.MatchAsync(request, matched, cancellationToken)).TryGet(out var holds, out var failure))
            return Status.Forbidden(request.Context.Resource.Resource.GroupResource, request.Name, failure.Message);
        return holds ? matched : default(MatchedResource);
    }
}
