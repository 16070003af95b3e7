using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>What plugins of policies ask of a request.</summary>
internal static class PolicyRequests
{
    /// <summary>Requests that no policy sees: those on policies, so that they can be repaired, and questions about access.</summary>
    public static bool IsExempt(AdmissionRequest request) => request.Context.Resource.Resource switch
    {
        { Group: "admissionregistration.k8s.io" } resource => resource.Resource is "validatingadmissionpolicies"
            or "validatingadmissionpolicybindings" or "mutatingadmissionpolicies" or "mutatingadmissionpolicybindings",
        { Group: "authentication.k8s.io" } resource => resource.Resource is "tokenreviews" or "selfsubjectreviews",
        { Group: "authorization.k8s.io" } => true,
        _ => false,
    };

    /// <summary>The namespace of a request as expressions see it; null for what is in none, and for namespaces themselves.</summary>
    public static async ValueTask<Outcome<JsonNode?>> NamespaceAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Namespace.Length == 0 || request.Context.Resource.Stored.Resource == Plugin.Namespaces)
            return default(JsonNode);
        var objects = request.Context.Objects;
        if (objects.Find(Plugin.Namespaces, "", request.Namespace) is not { } json)
        {
            await objects.WaitForLatestAsync(cancellationToken);
            if (objects.Find(Plugin.Namespaces, "", request.Namespace) is not { } fresh)
                return Status.NotFound(Plugin.Namespaces, request.Namespace);
            json = fresh;
        }
        return JsonNodes.Parse(json.Span);
    }
}
