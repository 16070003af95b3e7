using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Auditing;

/// <summary>Resources of one group that a rule speaks of.</summary>
/// <param name="Group">The API group, "" for the core group, * for all.</param>
/// <param name="Resources"><c>pods</c>, <c>pods/log</c>, <c>pods/*</c>, <c>*/scale</c>, <c>*</c>; none for all of the group.</param>
/// <param name="ResourceNames">The objects; none for all.</param>
public sealed record AuditedResources(string Group, IReadOnlyList<string> Resources, IReadOnlyList<string> ResourceNames)
{
    public bool Fits(AuthorizationAttributes attributes)
    {
        if (Group != attributes.Group && Group != "*")
            return false;
        if (Resources.Count == 0)
            return true;
        return (ResourceNames.Count == 0 || ResourceNames.Contains(attributes.Name)) && Resources.Any(r => Fits(r, attributes));
    }

    private static bool Fits(string pattern, AuthorizationAttributes attributes)
    {
        var (resource, subresource) = (attributes.Resource, attributes.Subresource);
        if (pattern == "*" || (pattern.EndsWith("/*", StringComparison.Ordinal) && pattern.AsSpan()[..^2].SequenceEqual(resource)))
            return true;
        if (subresource.Length == 0)
            return pattern == resource;
        return pattern.Length > subresource.Length && pattern.EndsWith(subresource, StringComparison.Ordinal)
            && pattern[^(subresource.Length + 1)] == '/'
            && pattern.AsSpan(0, pattern.Length - subresource.Length - 1) is var parent && (parent is "*" || parent.SequenceEqual(resource));
    }
}
