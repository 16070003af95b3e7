namespace Pilothouse.Catalog;

/// <summary>Where a custom resource has what its Scale says.</summary>
/// <param name="SpecReplicas">As the definition has it, <c>.spec.replicas</c>.</param>
/// <param name="StatusReplicas">Likewise.</param>
/// <param name="LabelSelector">Likewise; empty for none.</param>
public sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string LabelSelector)
{
    /// <summary>The names on the way to a place.</summary>
    public static string[] Steps(string path) => (path.StartsWith('.') ? path[1..] : path).Split('.');
}
