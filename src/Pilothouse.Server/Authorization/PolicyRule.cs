namespace Pilothouse.Server.Authorization;

/// <summary>One rule of a role (<c>rbac/v1 PolicyRule</c>): verbs on resources of groups, or on paths. Immutable.</summary>
public sealed record PolicyRule
{
    /// <summary>In any of the lists: all of them.</summary>
    public const string All = "*";

    public string[] Verbs { get; init; } = [];

    public string[] ApiGroups { get; init; } = [];

    /// <summary><c>pods</c>, <c>pods/log</c>, <c>*/scale</c>, <c>*</c>.</summary>
    public string[] Resources { get; init; } = [];

    /// <summary>Empty for every name.</summary>
    public string[] ResourceNames { get; init; } = [];

    /// <summary>Paths; a <c>*</c> at the end stands for whatever follows.</summary>
    public string[] NonResourceUrls { get; init; } = [];

    public bool MatchesVerb(string verb)
    {
        foreach (var mine in Verbs)
        {
            if (mine == All || mine == verb)
                return true;
        }
        return false;
    }

    public bool MatchesGroup(string group)
    {
        foreach (var mine in ApiGroups)
        {
            if (mine == All || mine == group)
                return true;
        }
        return false;
    }

    public bool MatchesUrl(string path)
    {
        foreach (var mine in NonResourceUrls)
        {
            if (CoversUrl(mine, path))
                return true;
        }
        return false;
    }

    /// <summary>Whether a path of a rule stands for another path.</summary>
    public static bool CoversUrl(string mine, string path) =>
        mine == All || mine == path || (mine.EndsWith('*') && path.AsSpan().StartsWith(mine.AsSpan().TrimEnd('*')));

    /// <summary>Whether two rules say the same in the same words.</summary>
    public bool IsSame(PolicyRule other) =>
        Verbs.AsSpan().SequenceEqual(other.Verbs) && ApiGroups.AsSpan().SequenceEqual(other.ApiGroups)
        && Resources.AsSpan().SequenceEqual(other.Resources) && ResourceNames.AsSpan().SequenceEqual(other.ResourceNames)
        && NonResourceUrls.AsSpan().SequenceEqual(other.NonResourceUrls);
}
