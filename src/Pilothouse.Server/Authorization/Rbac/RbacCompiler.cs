using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>Makes the next snapshot from the last one and what changed.</summary>
internal static class RbacCompiler
{
    /// <param name="old">The last snapshot; it stays as it is.</param>
    /// <param name="bindings">Every binding by its key; brought up to date.</param>
    /// <param name="clusterRoles">What became of the cluster roles.</param>
    /// <param name="roles">What became of the roles.</param>
    /// <param name="clusterRoleBindings">What became of the cluster role bindings.</param>
    /// <param name="roleBindings">What became of the role bindings.</param>
    public static RbacSnapshot Compile(
        RbacSnapshot old, Dictionary<string, RbacBinding> bindings,
        CacheChanges clusterRoles, CacheChanges roles, CacheChanges clusterRoleBindings, CacheChanges roleBindings)
    {
        var cluster = Bindings(clusterRoleBindings, bindings, b => b.Namespace.Length == 0);
        var local = Bindings(roleBindings, bindings, b => b.Namespace.Length > 0);
        return new()
        {
            ClusterRoles = ClusterRoles(old.ClusterRoles, clusterRoles),
            Roles = Roles(old.Roles, roles),
            Cluster = clusterRoleBindings.Changes is null ? BindingScope.Empty.With([], cluster.Added)
                : cluster.IsEmpty ? old.Cluster : old.Cluster.With(cluster.Removed, cluster.Added),
            Namespaces = Namespaces(roleBindings.Changes is null ? [] : old.Namespaces, local),
        };
    }

    private static ShardedMap<RbacRole> ClusterRoles(ShardedMap<RbacRole> old, CacheChanges changes) => changes.Changes is null
        ? ShardedMap<RbacRole>.Empty.With([.. changes.State.Tree.All.Select(r => KeyValuePair.Create(r.Name, (RbacRole?)RbacReader.Role(r)))])
        : old.With([.. changes.Changes.Select(c => KeyValuePair.Create(
            (c.Current ?? c.Previous)!.Name, c.Current is { } current ? RbacReader.Role(current) : null))]);

    private static Dictionary<string, Dictionary<string, RbacRole>> Roles(
        Dictionary<string, Dictionary<string, RbacRole>> old, CacheChanges changes)
    {
        if (changes.Changes is null)
        {
            return changes.State.Tree.All.Select(RbacReader.Role).GroupBy(r => r.Namespace)
                .ToDictionary(g => g.Key, g => g.ToDictionary(r => r.Name));
        }
        if (changes.Changes.Length == 0)
            return old;
        var all = new Dictionary<string, Dictionary<string, RbacRole>>(old);
        foreach (var group in changes.Changes.GroupBy(c => (c.Current ?? c.Previous)!.Namespace))
        {
            var roles = all.TryGetValue(group.Key, out var known) ? new Dictionary<string, RbacRole>(known) : [];
            foreach (var change in group)
            {
                if (change.Current is { } current)
                    roles[current.Name] = RbacReader.Role(current);
                else
                    roles.Remove(change.Previous!.Name);
            }
            if (roles.Count == 0)
                all.Remove(group.Key);
            else
                all[group.Key] = roles;
        }
        return all;
    }

    private static BindingChanges Bindings(CacheChanges changes, Dictionary<string, RbacBinding> bindings, Func<RbacBinding, bool> ofThisKind)
    {
        if (changes.Changes is null)
        {
            foreach (var gone in bindings.Where(b => ofThisKind(b.Value)).Select(b => b.Key).ToList())
                bindings.Remove(gone);
            var all = changes.State.Tree.All.Select(RbacReader.Binding).ToList();
            foreach (var binding in all)
                bindings[binding.Key] = binding;
            return new([], all);
        }
        // The last state of a key counts, whatever happened between.
        var (removed, added) = (new List<RbacBinding>(), new List<RbacBinding>());
        foreach (var change in changes.Changes.GroupBy(c => c.Key).Select(g => g.Last()))
        {
            if (bindings.Remove(change.Key, out var replaced))
                removed.Add(replaced);
            if (change.Current is { } current)
            {
                var binding = RbacReader.Binding(current);
                bindings[binding.Key] = binding;
                added.Add(binding);
            }
        }
        return new(removed, added);
    }

    private static Dictionary<string, BindingScope> Namespaces(Dictionary<string, BindingScope> old, BindingChanges changes)
    {
        if (changes.IsEmpty)
            return old;
        var scopes = new Dictionary<string, BindingScope>(old);
        var removed = changes.Removed.ToLookup(b => b.Namespace);
        var added = changes.Added.ToLookup(b => b.Namespace);
        foreach (var ns in removed.Select(g => g.Key).Union(added.Select(g => g.Key)))
        {
            var scope = scopes.GetValueOrDefault(ns, BindingScope.Empty).With([.. removed[ns]], [.. added[ns]]);
            if (scope.IsEmpty)
                scopes.Remove(ns);
            else
                scopes[ns] = scope;
        }
        return scopes;
    }

    private readonly record struct BindingChanges(List<RbacBinding> Removed, List<RbacBinding> Added)
    {
        public bool IsEmpty => Removed.Count == 0 && Added.Count == 0;
    }
}
