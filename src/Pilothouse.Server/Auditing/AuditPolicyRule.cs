using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Auditing;

/// <summary>A rule of an <see cref="AuditPolicy"/>: every list that is not empty must have something that fits.</summary>
public sealed record AuditPolicyRule
{
    public required AuditLevel Level { get; init; }

    public IReadOnlyList<string> Users { get; init; } = [];

    public IReadOnlyList<string> UserGroups { get; init; } = [];

    public IReadOnlyList<string> Verbs { get; init; } = [];

    public IReadOnlyList<AuditedResources> Resources { get; init; } = [];

    /// <summary>"" stands for resources of the whole cluster.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Paths that name no resource; * at the end stands for whatever follows.</summary>
    public IReadOnlyList<string> NonResourceUrls { get; init; } = [];

    public AuditStages OmittedStages { get; init; }

    /// <summary>Null where the policy's own word counts.</summary>
    public bool? OmitsManagedFields { get; init; }

    public bool Fits(AuthorizationAttributes attributes)
    {
        if (!Has(Users, attributes.User.Name) || !Has(Verbs, attributes.Verb))
            return false;
        if (UserGroups.Count > 0 && !attributes.User.Groups.Any(UserGroups.Contains))
            return false;
        if (Namespaces.Count > 0 || Resources.Count > 0)
        {
            return attributes.IsResourceRequest && Has(Namespaces, attributes.Namespace)
                && (Resources.Count == 0 || Resources.Any(r => r.Fits(attributes)));
        }
        return NonResourceUrls.Count == 0
            || (!attributes.IsResourceRequest && NonResourceUrls.Any(url => FitsPath(url, attributes.Path)));
    }

    private static bool Has(IReadOnlyList<string> list, string value) => list.Count == 0 || list.Contains(value);

    private static bool FitsPath(string pattern, string path) =>
        pattern == path || (pattern.EndsWith('*') && path.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal));
}
