namespace Pilothouse.Server.Authorization.Abac;

/// <summary>One line of a policy file: who may do what. <c>*</c> stands for all, except in <see cref="User"/> and <see cref="Group"/>.</summary>
internal sealed record AbacPolicy
{
    /// <summary>Empty for any, if there is a group.</summary>
    public string User { get; init; } = "";

    /// <summary>Empty for any, if there is a user.</summary>
    public string Group { get; init; } = "";

    /// <summary>get, list and watch alone.</summary>
    public bool ReadOnly { get; init; }

    public string ApiGroup { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Namespace { get; init; } = "";

    /// <summary>A path that is no resource; a <c>*</c> at the end stands for whatever follows.</summary>
    public string NonResourcePath { get; init; } = "";
}
