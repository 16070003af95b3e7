using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>Whom a binding names.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The user's or the group's name; of a service account the name it acts under.</param>
/// <param name="Shown">How it is called in reasons.</param>
internal readonly record struct RbacSubject(RbacSubjectKind Kind, string Name, string Shown)
{
    private const string AccountPrefix = "system:serviceaccount:";

    /// <summary>A subject as it is written; null when it names nobody that can be.</summary>
    /// <param name="kind">User, Group or ServiceAccount.</param>
    /// <param name="name">The name.</param>
    /// <param name="namespace">Of a service account; empty for that of the binding.</param>
    /// <param name="bindingNamespace">Empty for a ClusterRoleBinding.</param>
    public static RbacSubject? Of(string kind, string name, string @namespace, string bindingNamespace)
    {
        switch (kind)
        {
            case "User":
                return new(RbacSubjectKind.User, name, $"User {GoText.Quote(name)}");
            case "Group":
                return new(RbacSubjectKind.Group, name, $"Group {GoText.Quote(name)}");
            case "ServiceAccount":
                var ns = @namespace.Length > 0 ? @namespace : bindingNamespace;
                return ns.Length == 0 ? null
                    : new(RbacSubjectKind.User, $"{AccountPrefix}{ns}:{name}", $"ServiceAccount {GoText.Quote($"{name}/{ns}")}");
            default:
                return null;
        }
    }

    public bool Is(UserInfo user) => Kind == RbacSubjectKind.User ? user.Name == Name : user.IsIn(Name);

    public override string ToString() => Shown;
}
