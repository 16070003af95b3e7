using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>What an object says it is; empty where it does not say.</summary>
public readonly record struct TypeMeta(string ApiVersion, string Kind)
{
    /// <summary>The group in <see cref="ApiVersion"/>: empty for <c>v1</c>, <c>apps</c> for <c>apps/v1</c>.</summary>
    public string Group => ApiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? ApiVersion[..slash] : "";

    /// <summary>The version in <see cref="ApiVersion"/>.</summary>
    public string Version => ApiVersion[(ApiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>
    /// The kind it stands for where <paramref name="expected"/> belongs: what is not said is taken from there, the version's
    /// group included.
    /// </summary>
    public GroupVersionKind Or(GroupVersionKind expected)
    {
        var kind = Kind.Length > 0 ? Kind : expected.Kind;
        return Version.Length == 0 && Group.Length == 0
            ? expected with { Kind = kind }
            : new GroupVersionKind(Group, Version, kind);
    }
}
