using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>A RoleBinding or a ClusterRoleBinding. Immutable.</summary>
internal sealed class RbacBinding(string key, string @namespace, string name, string roleKind, string roleName, RbacSubject[] subjects)
{
    public const string ClusterRole = "ClusterRole";
    public const string Role = "Role";

    private readonly string?[] _reasons = new string?[subjects.Length];

    /// <summary>The key in the store: bindings are looked at in its order.</summary>
    public string Key { get; } = key;

    /// <summary>Empty for a ClusterRoleBinding.</summary>
    public string Namespace { get; } = @namespace;

    public string Name { get; } = name;

    public string RoleKind { get; } = roleKind;

    public string RoleName { get; } = roleName;

    public IReadOnlyList<RbacSubject> Subjects => subjects;

    /// <summary>Whether two bindings in one place give the same role.</summary>
    public bool HasRoleOf(RbacBinding other) => RoleName == other.RoleName && RoleKind == other.RoleKind;

    /// <summary>Why somebody whom the binding names is allowed what its role allows; made once for each subject.</summary>
    public string ReasonFor(UserInfo user)
    {
        for (var i = 0; i < subjects.Length; i++)
        {
            if (subjects[i].Is(user))
                return _reasons[i] ??= Describe(subjects[i]);
        }
        return "";
    }

    private string Describe(RbacSubject subject)
    {
        var (kind, name) = Namespace.Length == 0 ? ("ClusterRoleBinding", Name) : ("RoleBinding", $"{Name}/{Namespace}");
        return $"RBAC: allowed by {kind} {GoText.Quote(name)} of {RoleKind} {GoText.Quote(RoleName)} to {subject}";
    }
}
