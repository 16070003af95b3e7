namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>An API group as operation ids and tags spell it: <c>rbac.authorization.k8s.io</c> is RbacAuthorization.</summary>
internal sealed class GroupName
{
    public GroupName(string group)
    {
        const string suffix = ".k8s.io";
        var name = group.Length == 0 ? "core" : group.EndsWith(suffix, StringComparison.Ordinal) ? group[..^suffix.Length] : group;
        Pascal = string.Concat(name.Split('.', '-').Select(Capital));
        Camel = char.ToLowerInvariant(Pascal[0]) + Pascal[1..];
    }

    public string Pascal { get; }

    public string Camel { get; }

    /// <summary><c>AppsV1</c>, as in operation ids.</summary>
    public string With(string version) => Pascal + Capital(version);

    /// <summary><c>apps_v1</c>, as in tags.</summary>
    public string Tag(string version) => $"{Camel}_{version}";

    internal static string Capital(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];
}
