namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>
/// Rules, arranged so that a question looks at few of them: by resource, and below that by name. Immutable. Each rule may have
/// an owner, the binding through which it is held.
/// </summary>
internal sealed class RuleSet
{
    private readonly Dictionary<string, Bucket> _byResource = [];
    private readonly Dictionary<string, Bucket>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Bucket? _anyResource;
    private readonly Entry[] _urls;

    public RuleSet(IEnumerable<(PolicyRule Rule, RbacBinding? Owner)> rules)
    {
        _lookup = _byResource.GetAlternateLookup<ReadOnlySpan<char>>();
        var building = new Dictionary<string, BucketBuilder>();
        var urls = new List<Entry>();
        foreach (var (rule, owner) in rules)
        {
            var entry = new Entry(rule, owner);
            foreach (var resource in rule.Resources)
            {
                if (!building.TryGetValue(resource, out var bucket))
                    building[resource] = bucket = new();
                bucket.Add(entry);
            }
            if (rule.NonResourceUrls.Length > 0)
                urls.Add(entry);
        }
        foreach (var (resource, bucket) in building)
            _byResource[resource] = bucket.Build();
        _anyResource = _byResource.GetValueOrDefault(PolicyRule.All);
        _urls = [.. urls];
    }

    /// <summary>Whether a rule allows what is asked, and whose rule it is. Allocates nothing.</summary>
    public bool Allows(in RbacQuestion question, out RbacBinding? owner)
    {
        if (!question.Attributes.IsResourceRequest)
        {
            foreach (ref readonly var entry in _urls.AsSpan())
            {
                if (entry.Rule.MatchesVerb(question.Attributes.Verb) && entry.Rule.MatchesUrl(question.Attributes.Path))
                {
                    owner = entry.Owner;
                    return true;
                }
            }
            owner = null;
            return false;
        }
        if (_anyResource is not null && _anyResource.Allows(question, out owner))
            return true;
        if (_lookup.TryGetValue(question.Resource, out var exact) && exact.Allows(question, out owner))
            return true;
        if (!question.AnyWithSubresource.IsEmpty
            && _lookup.TryGetValue(question.AnyWithSubresource, out var subresource) && subresource.Allows(question, out owner))
        {
            return true;
        }
        owner = null;
        return false;
    }

    private readonly record struct Entry(PolicyRule Rule, RbacBinding? Owner);

    /// <summary>The rules on one resource: those on every object, and those on objects by name.</summary>
    private sealed class Bucket(Entry[] unnamed, Dictionary<string, Entry[]>? named)
    {
        public bool Allows(in RbacQuestion question, out RbacBinding? owner)
        {
            if (Allows(unnamed, question, out owner))
                return true;
            return named is not null && named.TryGetValue(question.Attributes.Name, out var entries) && Allows(entries, question, out owner);
        }

        private static bool Allows(Entry[] entries, in RbacQuestion question, out RbacBinding? owner)
        {
            foreach (ref readonly var entry in entries.AsSpan())
            {
                if (entry.Rule.MatchesVerb(question.Attributes.Verb) && entry.Rule.MatchesGroup(question.Attributes.Group))
                {
                    owner = entry.Owner;
                    return true;
                }
            }
            owner = null;
            return false;
        }
    }

    private sealed class BucketBuilder
    {
        private readonly List<Entry> _unnamed = [];
        private Dictionary<string, List<Entry>>? _named;

        public void Add(Entry entry)
        {
            if (entry.Rule.ResourceNames.Length == 0)
            {
                _unnamed.Add(entry);
                return;
            }
            _named ??= [];
            foreach (var name in entry.Rule.ResourceNames)
            {
                if (!_named.TryGetValue(name, out var entries))
                    _named[name] = entries = [];
                entries.Add(entry);
            }
        }

        public Bucket Build() => new([.. _unnamed], _named?.ToDictionary(n => n.Key, n => n.Value.ToArray()));
    }
}
