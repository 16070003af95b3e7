using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>
/// The roles and bindings of the cluster, compiled. It follows the caches by being asked: a question first compares what was
/// compiled with what the caches hold, four references, and whoever finds them changed compiles the changes. So a decision is
/// never older than the caches, nothing runs in the background, and many changes in a row are compiled once.
/// </summary>
public sealed class RbacPolicy
{
    private const string Group = "rbac.authorization.k8s.io";

    internal static readonly GroupResource ClusterRoles = new(Group, "clusterroles");
    internal static readonly GroupResource Roles = new(Group, "roles");
    internal static readonly GroupResource ClusterRoleBindings = new(Group, "clusterrolebindings");
    internal static readonly GroupResource RoleBindings = new(Group, "rolebindings");

    private readonly ObjectCaches _caches;
    private readonly ResourceCache _clusterRoles;
    private readonly ResourceCache _roles;
    private readonly ResourceCache _clusterRoleBindings;
    private readonly ResourceCache _roleBindings;

    /// <summary>One compiles; the others wait for it, since what they would answer with is old.</summary>
    private readonly Lock _compiling = new();

    /// <summary>Every binding by its key, so that a change finds what it replaces. Guarded by <see cref="_compiling"/>.</summary>
    private readonly Dictionary<string, RbacBinding> _bindings = [];

    private volatile Compiled _compiled = new();

    public RbacPolicy(ObjectCaches caches)
    {
        _caches = caches;
        _clusterRoles = Cache(ClusterRoles);
        _roles = Cache(Roles);
        _clusterRoleBindings = Cache(ClusterRoleBindings);
        _roleBindings = Cache(RoleBindings);

        ResourceCache Cache(GroupResource resource) =>
            caches.TryGet(resource, out var cache) ? cache : throw new InvalidOperationException($"{resource} has no cache.");
    }

    /// <summary>What the caches hold now.</summary>
    internal RbacSnapshot Current
    {
        get
        {
            var compiled = _compiled;
            return IsCurrent(compiled) ? compiled.Snapshot : Refresh();
        }
    }

    /// <summary>Returns when <see cref="Current"/> shows all that was written before the call.</summary>
    internal ValueTask WaitForLatestAsync(CancellationToken cancellationToken) => _caches.WaitForLatestAsync(cancellationToken);

    private bool IsCurrent(Compiled compiled) =>
        ReferenceEquals(compiled.RoleBindings, _roleBindings.Current)
        && ReferenceEquals(compiled.ClusterRoleBindings, _clusterRoleBindings.Current)
        && ReferenceEquals(compiled.Roles, _roles.Current)
        && ReferenceEquals(compiled.ClusterRoles, _clusterRoles.Current);

    private RbacSnapshot Refresh()
    {
        lock (_compiling)
        {
            var old = _compiled;
            if (IsCurrent(old))
                return old.Snapshot;
            // Bindings before roles: a binding that is seen finds the role that was written before it.
            var roleBindings = _roleBindings.ChangesSince(old.RoleBindings);
            var clusterRoleBindings = _clusterRoleBindings.ChangesSince(old.ClusterRoleBindings);
            var roles = _roles.ChangesSince(old.Roles);
            var clusterRoles = _clusterRoles.ChangesSince(old.ClusterRoles);
            var compiled = new Compiled
            {
                ClusterRoles = clusterRoles.State,
                Roles = roles.State,
                ClusterRoleBindings = clusterRoleBindings.State,
                RoleBindings = roleBindings.State,
                Snapshot = RbacCompiler.Compile(old.Snapshot, _bindings, clusterRoles, roles, clusterRoleBindings, roleBindings),
            };
            _compiled = compiled;
            return compiled.Snapshot;
        }
    }

    /// <summary>A snapshot, and what it was made from.</summary>
    private sealed class Compiled
    {
        public ResourceCache.State? ClusterRoles { get; init; }

        public ResourceCache.State? Roles { get; init; }

        public ResourceCache.State? ClusterRoleBindings { get; init; }

        public ResourceCache.State? RoleBindings { get; init; }

        public RbacSnapshot Snapshot { get; init; } = RbacSnapshot.Empty;
    }
}
