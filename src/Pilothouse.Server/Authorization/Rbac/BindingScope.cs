namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>The bindings of the cluster, or of one namespace, by whom they name. Immutable.</summary>
internal sealed class BindingScope
{
    private readonly ShardedMap<SubjectGrants> _users;
    private readonly ShardedMap<SubjectGrants> _groups;

    private BindingScope(ShardedMap<SubjectGrants> users, ShardedMap<SubjectGrants> groups) => (_users, _groups) = (users, groups);

    public static BindingScope Empty { get; } = new(ShardedMap<SubjectGrants>.Empty, ShardedMap<SubjectGrants>.Empty);

    public bool IsEmpty => _users.Count == 0 && _groups.Count == 0;

    public SubjectGrants? OfUser(string name) => _users.Find(name);

    public SubjectGrants? OfGroup(string name) => _groups.Find(name);

    /// <summary>The scope with some bindings replaced, all at once.</summary>
    /// <param name="removed">What is in it and goes.</param>
    /// <param name="added">What comes.</param>
    public BindingScope With(IReadOnlyCollection<RbacBinding> removed, IReadOnlyCollection<RbacBinding> added) => new(
        Replace(_users, RbacSubjectKind.User, removed, added), Replace(_groups, RbacSubjectKind.Group, removed, added));

    private static ShardedMap<SubjectGrants> Replace(
        ShardedMap<SubjectGrants> grants, RbacSubjectKind kind,
        IReadOnlyCollection<RbacBinding> removed, IReadOnlyCollection<RbacBinding> added)
    {
        var touched = new Dictionary<string, List<RbacBinding>>();
        foreach (var binding in removed)
        {
            foreach (var subject in binding.Subjects)
            {
                if (subject.Kind == kind)
                    BindingsOf(subject.Name);
            }
        }
        if (touched.Count > 0)
        {
            var gone = new HashSet<RbacBinding>(removed, ReferenceEqualityComparer.Instance);
            foreach (var bindings in touched.Values)
                bindings.RemoveAll(gone.Contains);
        }
        foreach (var binding in added)
        {
            foreach (var subject in binding.Subjects)
            {
                // Somebody may be named twice.
                if (subject.Kind == kind && BindingsOf(subject.Name) is var bindings && (bindings.Count == 0 || !ReferenceEquals(bindings[^1], binding)))
                    bindings.Add(binding);
            }
        }
        return grants.With([.. touched.Select(
            t => KeyValuePair.Create(t.Key, t.Value.Count == 0 ? null : new SubjectGrants(t.Value)))]);

        List<RbacBinding> BindingsOf(string name)
        {
            if (!touched.TryGetValue(name, out var bindings))
                touched[name] = bindings = grants.Find(name) is { } known ? [.. known.Bindings] : [];
            return bindings;
        }
    }
}
