using System.Collections.Concurrent;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Which evaluator measures a resource.</summary>
internal sealed class QuotaEvaluators
{
    private static readonly Dictionary<GroupResource, QuotaEvaluator> Special = new()
    {
        [new("", "pods")] = new PodQuota(),
        [new("", "services")] = new ServiceQuota(),
        [new("", "persistentvolumeclaims")] = new ClaimQuota(),
        [new("resource.k8s.io", "resourceclaims")] = new DeviceClaimQuota(),
        // Counted under these names long before there was count/.
        [new("", "configmaps")] = new("count/configmaps", "configmaps"),
        [new("", "resourcequotas")] = new("count/resourcequotas", "resourcequotas"),
        [new("", "replicationcontrollers")] = new("count/replicationcontrollers", "replicationcontrollers"),
        [new("", "secrets")] = new("count/secrets", "secrets"),
    };

    // Grows with the resources that are served, no further: what is not served gets no request.
    private readonly ConcurrentDictionary<GroupResource, QuotaEvaluator> _counting = new();

    /// <summary>The evaluator; null for what no quota is about: what is not stored, and events.</summary>
    public QuotaEvaluator? For(GroupResource resource) =>
        Special.TryGetValue(resource, out var special) ? special
        : IsIgnored(resource) ? null
        : _counting.GetOrAdd(resource, static r => new QuotaEvaluator(QuotaEvaluator.CountName(r)));

    private static bool IsIgnored(GroupResource resource) => resource switch
    {
        { Group: "", Resource: "bindings" or "componentstatuses" or "events" } => true,
        { Group: "authentication.k8s.io", Resource: "tokenreviews" or "selfsubjectreviews" } => true,
        { Group: "authorization.k8s.io" } => true,
        { Group: "events.k8s.io", Resource: "events" } => true,
        _ => false,
    };
}
