using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// What a pod asks for and is limited to as a whole: its containers together, or its init containers when one of them needs
/// more; sidecars count with both; resources of the pod itself count instead (KEP-753, KEP-2837).
/// </summary>
internal static class PodResources
{
    /// <param name="pod">The pod.</param>
    /// <param name="field"><c>requests</c> or <c>limits</c>.</param>
    /// <param name="asRun">Counts what containers have in fact, while they are being resized, and the overhead; for quotas.</param>
    public static ResourceAmounts Of(JsonObject pod, string field, bool asRun)
    {
        var spec = pod.Object("spec");
        var statuses = asRun ? Statuses(pod) : [];
        var infeasible = statuses.Count > 0 && IsInfeasible(pod);
        ResourceAmounts Of(JsonObject container) => Effective(container, field, statuses, infeasible);

        var sum = new ResourceAmounts();
        foreach (var container in spec.Objects("containers"))
            sum.Add(Of(container));
        var (sidecars, init) = (new ResourceAmounts(), new ResourceAmounts());
        foreach (var container in spec.Objects("initContainers"))
        {
            var amounts = Of(container);
            if (IsSidecar(container))
            {
                sum.Add(amounts);
                init.Max(sidecars.Add(amounts));
            }
            else
            {
                init.Max(amounts.Add(sidecars));
            }
        }
        sum.Max(init);
        foreach (var (name, quantity) in ResourceAmounts.Of(spec.Object("resources").Object(field)))
        {
            if (name is "cpu" or "memory" || (asRun && name.StartsWith("hugepages-", StringComparison.Ordinal)))
                sum[name] = quantity;
        }
        if (asRun)
            AddOverhead(sum, ResourceAmounts.Of(spec.Object("overhead")), field);
        return sum;
    }

    /// <summary>The init container runs on beside the pod's containers (KEP-753).</summary>
    public static bool IsSidecar(JsonObject container) => container.Text("restartPolicy") == "Always";

    /// <summary>The pod has resources of its own: those of its containers need not be given.</summary>
    public static bool AreSetOnPod(JsonObject pod)
    {
        var resources = pod.Object("spec").Object("resources");
        return ((string[])["requests", "limits"]).SelectMany(f => resources.Object(f) ?? [])
            .Any(r => r.Key is "cpu" or "memory" || r.Key.StartsWith("hugepages-", StringComparison.Ordinal));
    }

    private static void AddOverhead(ResourceAmounts sum, ResourceAmounts overhead, string field)
    {
        foreach (var (name, quantity) in overhead)
        {
            // What is not limited does not become limited by its overhead.
            if (field == "requests" || (sum.TryGetValue(name, out var limit) && limit.Sign != 0))
                sum[name] = sum.TryGetValue(name, out var mine) ? mine + quantity : quantity;
        }
    }

    private static ResourceAmounts Effective(
        JsonObject container, string field, Dictionary<string, JsonObject> statuses, bool infeasible)
    {
        var wanted = ResourceAmounts.Of(container.Object("resources").Object(field));
        if (statuses.Count == 0 || !statuses.TryGetValue(container.Text("name") ?? "", out var status) || status.Object("resources") is not { } actual)
            return wanted;
        var amounts = ResourceAmounts.Of(actual.Object(field));
        if (field == "requests")
            amounts.Max(ResourceAmounts.Of(status.Object("allocatedResources")));
        return infeasible ? amounts : amounts.Max(wanted);
    }

    private static Dictionary<string, JsonObject> Statuses(JsonObject pod)
    {
        var status = pod.Object("status");
        var found = new Dictionary<string, JsonObject>();
        foreach (var container in status.Objects("containerStatuses").Concat(status.Objects("initContainerStatuses")))
            found.TryAdd(container.Text("name") ?? "", container);
        return found;
    }

    private static bool IsInfeasible(JsonObject pod) => pod.Object("status").Objects("conditions")
        .Any(c => c.Text("type") == "PodResizePending" && c.Text("reason") == "Infeasible");
}
