namespace Pilothouse.Objects;

/// <summary>Names a kind of object in one version, as an object's <c>apiVersion</c> and <c>kind</c> do.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version, <c>v1</c>.</param>
/// <param name="Kind">The kind, <c>ConfigMap</c>.</param>
public readonly record struct GroupVersionKind(string Group, string Version, string Kind)
{
    /// <summary>The <c>apiVersion</c> of objects of this kind: <c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public GroupKind GroupKind => new(Group, Kind);

    public override string ToString() => $"{ApiVersion}, Kind={Kind}";
}
