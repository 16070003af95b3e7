namespace Pilothouse.Objects;

/// <summary>Names a collection of objects in one version, as a request's path does.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version, <c>v1</c>.</param>
/// <param name="Resource">The plural, lower-case name, <c>configmaps</c>.</param>
public readonly record struct GroupVersionResource(string Group, string Version, string Resource)
{
    public GroupResource GroupResource => new(Group, Resource);

    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public override string ToString() => $"{ApiVersion}, Resource={Resource}";
}
