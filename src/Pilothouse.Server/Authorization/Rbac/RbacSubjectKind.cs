namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>By what a request is known to come from a subject.</summary>
internal enum RbacSubjectKind
{
    /// <summary>The user's name; service accounts are users, too.</summary>
    User,

    /// <summary>One of the user's groups.</summary>
    Group,
}
