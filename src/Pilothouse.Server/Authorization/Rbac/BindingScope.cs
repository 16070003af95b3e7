namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>The bindings of the cluster, or of one namespace, by whom they name. Immutable.</summary>
internal sealed class BindingScope(Dictionary<string, SubjectGrants> users, Dictionary<string, SubjectGrants> groups)
{
    public static BindingScope Empty { get; } = new([], []);

    public bool IsEmpty => users.Count == 0 && groups.Count == 0;

    public SubjectGrants? OfUser(string name) => users.GetValueOrDefault(name);

    public SubjectGrants? OfGroup(string name) => groups.GetValueOrDefault(name);

    /// <summary>The scope with some bindings replaced, all at once.</summary>
    /// <param name="removed">What is in it and goes.</param>
    /// <param name="added">What comes.</param>
    public BindingScope With(IReadOnlyCollection<RbacBinding> removed, IReadOnlyCollection<RbacBinding> added)
    {
        var (newUsers, newGroups) = (new Dictionary<string, SubjectGrants>(users), new Dictionary<string, SubjectGrants>(groups));
        Replace(newUsers, RbacSubjectKind.User, removed, added);
        Replace(newGroups, RbacSubjectKind.Group, removed, added);
        return new(newUsers, newGroups);
    }

    private static void Replace(
        Dictionary<string, SubjectGrants> grants, RbacSubjectKind kind,
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
        foreach (var (name, bindings) in touched)
        {
            if (bindings.Count == 0)
                grants.Remove(name);
            else
                grants[name] = new(bindings);
        }

        List<RbacBinding> BindingsOf(string name)
        {
            if (!touched.TryGetValue(name, out var bindings))
                touched[name] = bindings = grants.TryGetValue(name, out var known) ? [.. known.Bindings] : [];
            return bindings;
        }
    }
}
