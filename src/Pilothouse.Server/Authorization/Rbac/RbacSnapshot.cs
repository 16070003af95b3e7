using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>
/// All roles and bindings at one moment, arranged by whom they name. Immutable: a change makes a new one that shares what did
/// not change.
/// </summary>
internal sealed class RbacSnapshot
{
    public static RbacSnapshot Empty { get; } = new();

    /// <summary>Cluster roles by name.</summary>
    public ShardedMap<RbacRole> ClusterRoles { get; init; } = ShardedMap<RbacRole>.Empty;

    /// <summary>Roles by namespace and name.</summary>
    public Dictionary<string, Dictionary<string, RbacRole>> Roles { get; init; } = [];

    public BindingScope Cluster { get; init; } = BindingScope.Empty;

    public Dictionary<string, BindingScope> Namespaces { get; init; } = [];

    /// <summary>Whether the rules allow it, and through which binding. Allocates nothing as long as names are of ordinary length.</summary>
    public bool Allows(AuthorizationAttributes attributes, out RbacBinding? through)
    {
        Span<char> room = stackalloc char[RbacQuestion.Room];
        var question = new RbacQuestion(attributes, room);
        if (Allows(Cluster, new(ClusterRoles, null), question, out through))
            return true;
        return attributes.Namespace.Length > 0
            && Namespaces.TryGetValue(attributes.Namespace, out var local)
            && Allows(local, RolesIn(attributes.Namespace), question, out through);
    }

    /// <summary>Whether a role that the user is bound to does not exist. Allocates nothing.</summary>
    public bool HasMissingRoles(UserInfo user, string @namespace) =>
        HasMissing(Cluster, new(ClusterRoles, null), user)
        || (@namespace.Length > 0 && Namespaces.TryGetValue(@namespace, out var local) && HasMissing(local, RolesIn(@namespace), user));

    /// <summary>The roles that bindings in a namespace can give; those of cluster role bindings for the empty one.</summary>
    public RbacRoles RolesIn(string @namespace) =>
        new(ClusterRoles, @namespace.Length > 0 ? Roles.GetValueOrDefault(@namespace) : null);

    /// <summary>The bindings that name a user or one of its groups: the cluster's, then the namespace's, in order.</summary>
    public IEnumerable<RbacBinding> BindingsOf(UserInfo user, string @namespace)
    {
        var bindings = BindingsOf(user, Cluster);
        return @namespace.Length > 0 && Namespaces.TryGetValue(@namespace, out var local)
            ? bindings.Concat(BindingsOf(user, local))
            : bindings;
    }

    private static bool Allows(BindingScope scope, RbacRoles roles, in RbacQuestion question, out RbacBinding? through)
    {
        var user = question.Attributes.User;
        if (scope.OfUser(user.Name) is { } mine && mine.Allows(roles, question, out through))
            return true;
        // Not foreach: the list's enumerator would be an allocation for each request.
        for (var i = 0; i < user.Groups.Count; i++)
        {
            if (scope.OfGroup(user.Groups[i]) is { } ours && ours.Allows(roles, question, out through))
                return true;
        }
        through = null;
        return false;
    }

    private static bool HasMissing(BindingScope scope, RbacRoles roles, UserInfo user)
    {
        if (scope.OfUser(user.Name)?.HasMissing(roles) == true)
            return true;
        for (var i = 0; i < user.Groups.Count; i++)
        {
            if (scope.OfGroup(user.Groups[i])?.HasMissing(roles) == true)
                return true;
        }
        return false;
    }

    private static IEnumerable<RbacBinding> BindingsOf(UserInfo user, BindingScope scope)
    {
        IEnumerable<SubjectGrants?> grants = [scope.OfUser(user.Name), .. user.Groups.Select(scope.OfGroup)];
        return grants.SelectMany(g => g?.Bindings ?? []).Distinct().OrderBy(b => b.Key, StringComparer.Ordinal);
    }
}
