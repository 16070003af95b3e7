using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>Disruption budgets: how many pods of a set may be evicted, as the disruption controller has counted in their status.</summary>
internal static class DisruptionBudgets
{
    /// <summary>Takes one disruption from the budget of the pod; null when there is none, or it had one left.</summary>
    public static async ValueTask<Status?> TakeAsync(ObjectRegistry registry, UpdateVerb update, ResourceRequest request, JsonObject pod, bool dryRun)
    {
        // Pods that do not run, or are going anyway, disturb nobody.
        if (pod.Object("status")?.Text("phase") is "Pending" or "Succeeded" or "Failed" || ObjectMetadata.Of(pod).DeletionTimestamp.Length > 0
            || !registry.Catalog.TryGet(new("policy", "v1", "poddisruptionbudgets"), out var resource))
        {
            return null;
        }
        var labels = ObjectMetadata.Of(pod).Labels;
        var budgets = ((IObjectReader)registry.Caches).List(resource.Resource.GroupResource, request.Namespace)
            .Select(json => JsonNodes.Parse(json.Span)!.AsObject())
            .Where(b => SelectorMatching.Matches(b.Object("spec").Object("selector"), labels))
            .ToList();
        if (budgets.Count == 0)
            return null;
        if (budgets.Count > 1)
        {
            return new Status
            {
                Code = 500,
                Reason = "InternalError",
                Message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
            };
        }
        if (MayGoUnready(pod, budgets[0]))
            return null;
        var budget = new ResourceRequest
        {
            Api = request.Api,
            Resource = resource,
            Subresource = resource.Subresource("status"),
            Namespace = request.Namespace,
            Name = ObjectMetadata.Of(budgets[0]).Name,
            IsOwnStep = true,
        };
        var now = Timestamps.Seconds(request.Api.Received);
        return (await update.UpdateAsync(budget, dryRun, (_, old) => new(Take(old, request.Name, now)))).Failure;
    }

    /// <summary>A pod that is not ready counts for nothing; the budget says when it may go.</summary>
    private static bool MayGoUnready(JsonObject pod, JsonObject budget)
    {
        if (pod.Object("status").Objects("conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True"))
            return false;
        var status = budget.Object("status");
        var (healthy, desired) = (status?.Integer("currentHealthy") ?? 0, status?.Integer("desiredHealthy") ?? 0);
        return budget.Object("spec")?.Text("unhealthyPodEvictionPolicy") == "AlwaysAllow" || (desired > 0 && healthy >= desired);
    }

    private static Outcome<JsonObject> Take(JsonObject old, string pod, string now)
    {
        var budget = (JsonObject)old.DeepClone();
        var metadata = ObjectMetadata.Of(budget);
        var status = budget.ObjectOrNew("status");
        if ((status.Integer("observedGeneration") ?? 0) < metadata.Generation)
            return Refused($"The disruption budget {metadata.Name} is still being processed by the server.", 10);
        var allowed = status.Integer("disruptionsAllowed") ?? 0;
        if (allowed <= 0)
        {
            return Refused(
                $"The disruption budget {metadata.Name} needs {status.Integer("desiredHealthy") ?? 0} healthy pods and has {status.Integer("currentHealthy") ?? 0} currently",
                0);
        }
        status["disruptionsAllowed"] = allowed - 1;
        status.ObjectOrNew("disruptedPods")[pod] = now;
        return budget;
    }

    private static Status Refused(string why, int retryAfter) => new()
    {
        Code = 429,
        Reason = "TooManyRequests",
        Message = "Cannot evict pod as it would violate the pod's disruption budget.",
        Details = new() { RetryAfterSeconds = retryAfter, Causes = [new("DisruptionBudget", why)] },
    };
}
