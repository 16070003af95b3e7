using System.Collections.Frozen;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>
/// Which fields an endpoint never changes, so that nobody comes to own them by writing there (upstream: GetResetFields of a
/// kind's strategies). Kinds with a status have it written by its subresource only, and nothing else by that.
/// </summary>
public static class ResetFields
{
    private static readonly FieldFilter Status = FieldFilter.Excluding(["status"]);
    private static readonly FieldFilter Spec = FieldFilter.Excluding(["spec"]);
    private static readonly FieldFilter SpecAndMetadata = FieldFilter.Excluding(["spec"], ["metadata"]);

    private static readonly FrozenDictionary<(string Resource, string Subresource), FieldFilter> Special =
        new Dictionary<(string, string), FieldFilter>
        {
            [("pods", "status")] = FieldFilter.Excluding(["spec"], ["metadata", "deletionTimestamp"], ["metadata", "ownerReferences"]),
            [("pods", "ephemeralcontainers")] = FieldFilter.Including(["spec", "ephemeralContainers"]),
            [("pods", "resize")] = FieldFilter.Including(
                ["spec", "resources"],
                ["spec", "containers", "*", "resources"], ["spec", "containers", "*", "resizePolicy"],
                ["spec", "initContainers", "*", "resources"], ["spec", "initContainers", "*", "resizePolicy"]),
            [("namespaces", "finalize")] = Status,
            [("deployments.apps", "status")] = FieldFilter.Excluding(["spec"], ["metadata", "labels"]),
            [("certificatesigningrequests.certificates.k8s.io", "")] = FieldFilter.Excluding(["spec"], ["status"]),
            [("certificatesigningrequests.certificates.k8s.io", "status")] = FieldFilter.Excluding(["spec"], ["status", "conditions"]),
            [("certificatesigningrequests.certificates.k8s.io", "approval")] = FieldFilter.Excluding(["spec"], ["status", "certificate"]),
            [("apiservices.apiregistration.k8s.io", "status")] = SpecAndMetadata,
            [("flowschemas.flowcontrol.apiserver.k8s.io", "status")] = SpecAndMetadata,
            [("prioritylevelconfigurations.flowcontrol.apiserver.k8s.io", "status")] = SpecAndMetadata,
            [("volumeattachments.storage.k8s.io", "status")] = SpecAndMetadata,
            [("validatingadmissionpolicies.admissionregistration.k8s.io", "status")] = SpecAndMetadata,
        }.ToFrozenDictionary();

    /// <summary>Those of an endpoint; null for none.</summary>
    public static FieldFilter? For(ServedResource resource, string subresource)
    {
        if (resource.Subresources.Count == 0)
            return null;
        if (resource.IsCustom)
        {
            return resource.Subresource("status") is null ? null
                : subresource switch
                {
                    "" => Status,
                    "status" => SpecAndMetadata,
                    _ => null,
                };
        }
        if (Special.TryGetValue((resource.Resource.GroupResource.ToString(), subresource), out var special))
            return special;
        return resource.Subresource("status") is null ? null : subresource switch
        {
            "" => Status,
            "status" => Spec,
            _ => null,
        };
    }
}
