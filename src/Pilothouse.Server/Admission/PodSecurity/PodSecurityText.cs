using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>How the checks go through containers, and speak of them.</summary>
internal static class PodSecurityText
{
    /// <summary>Init containers, containers, ephemeral containers.</summary>
    public static IEnumerable<JsonObject> Containers(JsonObject spec) =>
        spec.Objects("initContainers").Concat(spec.Objects("containers")).Concat(spec.Objects("ephemeralContainers"));

    public static JsonObject? SecurityContext(JsonObject containerOrSpec) => containerOrSpec.Object("securityContext");

    public static string NameOf(JsonObject container) => container.Text("name") ?? "";

    /// <summary>The names of the containers that something is to be said against.</summary>
    public static List<string> Names(JsonObject spec, Func<JsonObject, bool> isBad) => [.. Containers(spec).Where(isBad).Select(NameOf)];

    /// <summary><c>"a", "b"</c>; the texts are not escaped, as clients know it.</summary>
    public static string Quoted(IEnumerable<string> items) => string.Join(", ", items.Select(i => $"\"{i}\""));

    public static string Plural(string singular, string plural, int count) => count == 1 ? singular : plural;

    /// <summary><c>container "a"</c>, <c>containers "a", "b"</c>.</summary>
    public static string ContainersNamed(IReadOnlyCollection<string> names) => $"{Plural("container", "containers", names.Count)} {Quoted(names)}";

    /// <summary><c>pod and containers "a", "b"</c>: whoever set something, which may be either.</summary>
    public static List<string> Setters(bool pod, IReadOnlyCollection<string> containers)
    {
        var setters = new List<string>();
        if (pod)
            setters.Add("pod");
        if (containers.Count > 0)
            setters.Add(ContainersNamed(containers));
        return setters;
    }

    public static bool IsWindows(JsonObject spec) => spec.Object("os")?.Text("name") == "windows";

    /// <summary>The pod has a user namespace of its own: root in it is nobody outside.</summary>
    public static bool HasOwnUsers(JsonObject spec) => spec.Flag("hostUsers") == false;
}
