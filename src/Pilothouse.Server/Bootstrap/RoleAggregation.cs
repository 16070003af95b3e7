using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Bootstrap;

/// <summary>
/// Fills cluster roles that have an aggregationRule with the rules of the cluster roles that it selects, as upstream's controller
/// manager does: in the order of their names, each rule once. Any number of servers may do so at once.
/// </summary>
internal sealed class RoleAggregation(ServerWriter writer, ObjectCaches caches, TimeProvider time, ILogger log)
{
    /// <summary>Roles may be gathered from roles that are gathered themselves, not so often though.</summary>
    private const int MaxDepth = 16;

    private static readonly GroupResource ClusterRoles = new("rbac.authorization.k8s.io", "clusterroles");
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>Keeps the roles filled until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!caches.TryGet(ClusterRoles, out var cache))
            return;
        while (true)
        {
            var seen = cache.Current;
            try
            {
                await FillAsync(cancellationToken);
                await cache.WaitForChangeAsync(seen, cancellationToken);
            }
            catch (StoreException fault)
            {
                log.Failed(fault);
                await Task.Delay(RetryInterval, time, cancellationToken);
            }
        }
    }

    /// <summary>Fills what the caches know of.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        if (!caches.TryGet(ClusterRoles, out var cache))
            return;
        foreach (var (name, rules) in Gather([.. cache.Snapshot.All.Select(Role.Of)]))
        {
            await writer.UpdateAsync(ClusterRoles, "", name, role =>
            {
                // Somebody else may have filled it, or have changed their mind.
                if (role.Object("aggregationRule") is null || TreeEquality.Same(role["rules"], rules))
                    return false;
                role["rules"] = rules.DeepClone();
                return true;
            }, cancellationToken);
        }
    }

    /// <summary>The roles whose rules are not what they should be, and what they should be.</summary>
    internal static Dictionary<string, JsonArray> Gather(IReadOnlyList<Role> roles)
    {
        var rules = roles.ToDictionary(r => r.Name, r => r.Rules);
        var aggregated = roles.Where(r => r.Selectors.Count > 0).ToList();
        var changed = true;
        for (var depth = 0; changed && depth < MaxDepth; depth++)
        {
            changed = false;
            foreach (var role in aggregated)
            {
                var gathered = new JsonArray();
                foreach (var from in role.Selectors.SelectMany(s => roles.Where(r => r.Name != role.Name && s.Matches(r.Labels))))
                {
                    foreach (var rule in rules[from.Name])
                    {
                        if (!gathered.Any(g => TreeEquality.Same(g, rule)))
                            gathered.Add(rule!.DeepClone());
                    }
                }
                if (TreeEquality.Same(gathered, rules[role.Name]))
                    continue;
                rules[role.Name] = gathered;
                changed = true;
            }
        }
        return aggregated.Where(r => !ReferenceEquals(rules[r.Name], r.Rules)).ToDictionary(r => r.Name, r => rules[r.Name]);
    }

    /// <summary>What matters of a cluster role here.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Labels">As name, value, name, value …</param>
    /// <param name="Rules">The rules that it has.</param>
    /// <param name="Selectors">Which roles it is gathered from; none for most.</param>
    internal sealed record Role(string Name, IReadOnlyList<string> Labels, JsonArray Rules, IReadOnlyList<LabelSelector> Selectors)
    {
        public static Role Of(CachedObject obj)
        {
            var role = (JsonObject)JsonNodes.Parse(obj.Json.Span)!;
            var selectors = new List<LabelSelector>();
            foreach (var selector in role.Object("aggregationRule").Objects("clusterRoleSelectors"))
            {
                // A faulty one selects nothing; validation does not let it through.
                if (LabelSelector.FromObject(selector).TryGet(out var parsed, out _))
                    selectors.Add(parsed);
            }
            return new(obj.Name, obj.Labels, role.List("rules") ?? [], selectors);
        }
    }
}
