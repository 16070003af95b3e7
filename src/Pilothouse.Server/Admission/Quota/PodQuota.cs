using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Pods: how many, what they ask for, what they are limited to; extended resources and huge pages by request.</summary>
internal sealed class PodQuota() : QuotaEvaluator("count/pods")
{
    private static readonly HashSet<string> Measured =
    [
        "count/pods", "pods", "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage",
        "limits.cpu", "limits.memory", "limits.ephemeral-storage",
    ];

    // Long ago it was decided that a quota of these makes every container say them. No other resource is like this.
    private static readonly HashSet<string> MustBeSaid =
        ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

    public override bool Handles(AdmissionRequest request) => request.Context.Subresource switch
    {
        "" => request.Operation == AdmissionOperation.Create
            || (request.Operation == AdmissionOperation.Update && IsTerminating(request.Object!) != IsTerminating(request.OldObject!)),
        "resize" => request.Operation == AdmissionOperation.Update,
        _ => false,
    };

    public override bool IsMeasured(string name) =>
        Measured.Contains(name)
        || name.StartsWith("hugepages-", StringComparison.Ordinal)
        || name.StartsWith("requests.hugepages-", StringComparison.Ordinal)
        || (name.StartsWith("requests.", StringComparison.Ordinal) && IsExtended(name));

    public override bool IsInScope(JsonObject obj, QuotaScope scope) => scope.Name switch
    {
        "Terminating" => IsTerminating(obj),
        "NotTerminating" => !IsTerminating(obj),
        "BestEffort" => IsBestEffort(obj),
        "NotBestEffort" => !IsBestEffort(obj),
        "PriorityClass" => scope.Selects(obj.Object("spec")?.Text("priorityClassName") is { Length: > 0 } name ? name : null),
        "CrossNamespacePodAffinity" => HasForeignAffinity(obj.Object("spec").Object("affinity")),
        _ => false,
    };

    public override string? FindMissing(JsonObject obj, IEnumerable<string> limited)
    {
        if (PodResources.AreSetOnPod(obj))
            return null;
        var required = limited.Where(MustBeSaid.Contains).ToList();
        if (required.Count == 0)
            return null;
        var missing = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var spec = obj.Object("spec");
        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            var resources = container.Object("resources");
            var said = Summarize(ResourceAmounts.Of(resources.Object("requests")), ResourceAmounts.Of(resources.Object("limits")));
            foreach (var name in required.Where(r => !said.ContainsKey(r)))
            {
                if (!missing.TryGetValue(name, out var containers))
                    missing[name] = containers = new(StringComparer.Ordinal);
                containers.Add(container.Text("name") ?? "");
            }
        }
        return missing.Count == 0 ? null
            : $"must specify {string.Join("; ", missing.Select(m => $"{m.Key} for: {string.Join(',', m.Value)}"))}";
    }

    public override ResourceAmounts Measure(AdmissionRequest request, JsonObject obj)
    {
        var amounts = base.Measure(request, obj);
        // A pod that has ended, or should be gone by now, still is an object but uses nothing.
        return HasEnded(obj, request.Context.Now) ? amounts
            : amounts.Add(Summarize(PodResources.Of(obj, "requests", asRun: true), PodResources.Of(obj, "limits", asRun: true)));
    }

    private static ResourceAmounts Summarize(ResourceAmounts requests, ResourceAmounts limits)
    {
        var sum = new ResourceAmounts { ["pods"] = Quantity.Of(1) };
        foreach (var name in (string[])["cpu", "memory", "ephemeral-storage"])
        {
            if (requests.TryGetValue(name, out var request))
                sum[name] = sum["requests." + name] = request;
            if (limits.TryGetValue(name, out var limit))
                sum["limits." + name] = limit;
        }
        foreach (var (name, request) in requests)
        {
            if (name.StartsWith("hugepages-", StringComparison.Ordinal))
                sum[name] = sum["requests." + name] = request;
            else if (IsExtended(name))
                sum["requests." + name] = request;
        }
        return sum;
    }

    /// <summary>Whether a resource is somebody else's: it has a domain, and not Kubernetes' own.</summary>
    private static bool IsExtended(string name) =>
        name.Contains('/', StringComparison.Ordinal)
        && (!name.Contains("kubernetes.io/", StringComparison.Ordinal)
            || name.StartsWith("requests.deviceclass.resource.kubernetes.io/", StringComparison.Ordinal)
            || name.StartsWith("deviceclass.resource.kubernetes.io/", StringComparison.Ordinal));

    private static bool IsTerminating(JsonObject pod) => pod.Object("spec")?.Integer("activeDeadlineSeconds") >= 0;

    // The pod's rules have written it into the status by now.
    private static bool IsBestEffort(JsonObject pod) => pod.Object("status")?.Text("qosClass") is null or "BestEffort";

    private static bool HasEnded(JsonObject pod, DateTimeOffset now)
    {
        if (pod.Object("status")?.Text("phase") is "Failed" or "Succeeded")
            return true;
        var metadata = pod.Object("metadata") ?? [];
        return metadata.Text("deletionTimestamp") is { Length: > 0 } deleted
            && metadata.Integer("deletionGracePeriodSeconds") is { } grace
            && DateTimeOffset.TryParse(deleted, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            && now > at.AddSeconds(grace);
    }

    private static bool HasForeignAffinity(JsonObject? affinity)
    {
        foreach (var kind in (string[])["podAffinity", "podAntiAffinity"])
        {
            var terms = affinity.Object(kind).Objects("requiredDuringSchedulingIgnoredDuringExecution").Concat(
                affinity.Object(kind).Objects("preferredDuringSchedulingIgnoredDuringExecution").Select(w => w.Object("podAffinityTerm") ?? []));
            if (terms.Any(t => t.List("namespaces") is { Count: > 0 } || t.ContainsKey("namespaceSelector")))
                return true;
        }
        return false;
    }
}
