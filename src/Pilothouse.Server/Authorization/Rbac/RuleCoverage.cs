namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>Whether rules are covered by others: nobody may grant what they do not hold.</summary>
internal static class RuleCoverage
{
    /// <summary>The parts of rules, each of one verb on one thing, that the owner's rules do not cover.</summary>
    public static List<PolicyRule> Missing(IReadOnlyList<PolicyRule> owned, IReadOnlyList<PolicyRule> wanted)
    {
        var missing = new List<PolicyRule>();
        foreach (var part in wanted.SelectMany(Parts))
        {
            if (!owned.Any(o => Covers(o, part)))
                missing.Add(part);
        }
        return missing;
    }

    /// <summary>Parts that differ by their verbs alone, put together again; then as refusals show them, sorted.</summary>
    public static IEnumerable<string> Describe(IReadOnlyList<PolicyRule> parts)
    {
        var compact = parts.Where(p => !IsSimple(p)).ToList();
        compact.AddRange(parts.Where(IsSimple).GroupBy(p => (p.ApiGroups[0], p.Resources[0]))
            .Select(g => g.First() with { Verbs = [.. g.SelectMany(p => p.Verbs)] }));
        return compact.Select(Describe).Distinct().Order(StringComparer.Ordinal);
    }

    private static bool IsSimple(PolicyRule part) => part is { ApiGroups.Length: 1, Resources.Length: 1, ResourceNames.Length: 0, NonResourceUrls.Length: 0 };

    private static string Describe(PolicyRule rule)
    {
        List<string> parts = [];
        Add("APIGroups", rule.ApiGroups);
        Add("Resources", rule.Resources);
        Add("NonResourceURLs", rule.NonResourceUrls);
        Add("ResourceNames", rule.ResourceNames);
        Add("Verbs", rule.Verbs);
        return $"{{{string.Join(", ", parts)}}}";

        void Add(string name, string[] values)
        {
            if (values.Length > 0)
                parts.Add($"{name}:{GoList.Quoted(values)}");
        }
    }

    private static IEnumerable<PolicyRule> Parts(PolicyRule rule)
    {
        foreach (var group in rule.ApiGroups)
        {
            foreach (var resource in rule.Resources)
            {
                foreach (var verb in rule.Verbs)
                {
                    var part = new PolicyRule { ApiGroups = [group], Resources = [resource], Verbs = [verb] };
                    if (rule.ResourceNames.Length == 0)
                        yield return part;
                    foreach (var name in rule.ResourceNames)
                        yield return part with { ResourceNames = [name] };
                }
            }
        }
        foreach (var url in rule.NonResourceUrls)
        {
            foreach (var verb in rule.Verbs)
                yield return new() { NonResourceUrls = [url], Verbs = [verb] };
        }
    }

    /// <param name="owner">Any rule.</param>
    /// <param name="part">A rule of one verb on one thing.</param>
    private static bool Covers(PolicyRule owner, PolicyRule part) =>
        Has(owner.Verbs, part.Verbs)
        && Has(owner.ApiGroups, part.ApiGroups)
        && part.Resources.All(r => CoversResource(owner.Resources, r))
        && part.NonResourceUrls.All(u => owner.NonResourceUrls.Any(o => PolicyRule.CoversUrl(o, u)))
        && (owner.ResourceNames.Length == 0 || (part.ResourceNames.Length > 0 && part.ResourceNames.All(owner.ResourceNames.Contains)));

    private static bool Has(string[] owned, string[] wanted) => owned.Contains(PolicyRule.All) || wanted.All(owned.Contains);

    private static bool CoversResource(string[] owned, string resource)
    {
        if (owned.Contains(PolicyRule.All) || owned.Contains(resource))
            return true;
        var slash = resource.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && owned.Contains($"*{resource[slash..]}");
    }
}
