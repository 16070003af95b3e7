using Pilothouse.Objects;
using Pilothouse.Server.Authorization.Rbac;

namespace Pilothouse.Server.Authorization.Node;

/// <summary>
/// Lets a kubelet read what its pods refer to and write what it reports, and no more (<c>--authorization-mode=Node</c>). What it
/// may not do by that it has no opinion on. The admission plugin NodeRestriction sees to what kubelets write.
/// </summary>
public sealed class NodeAuthorizer : IAuthorizer, IRuleResolver
{
    private const string LeaseNamespace = "kube-node-lease";

    private readonly NodeGraph _graph;
    private readonly Freshness _freshness;
    private readonly RuleSet _rules;

    /// <param name="graph">What nodes have to do with what.</param>
    /// <param name="freshness">Waits for the caches.</param>
    /// <param name="rules">What every kubelet may do, by the cluster role system:node.</param>
    public NodeAuthorizer(NodeGraph graph, Freshness freshness, IEnumerable<PolicyRule> rules)
    {
        (_graph, _freshness) = (graph, freshness);
        _rules = new(rules.Select(r => (r, (RbacBinding?)null)));
    }

    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        if (NodeIdentity.Of(attributes.User) is not { } node)
            return new(AuthorizationDecision.NoOpinion());
        if (node.Length == 0)
            return new(AuthorizationDecision.NoOpinion($"unknown node for user {GoText.Quote(attributes.User.Name)}"));
        if (!attributes.IsResourceRequest)
            return new(ByRules(attributes));
        return (attributes.Group, attributes.Resource) switch
        {
            ("", "secrets") => ReadAsync(node, NodeObjectKind.Secret, attributes, cancellationToken),
            ("", "configmaps") => ReadAsync(node, NodeObjectKind.ConfigMap, attributes, cancellationToken),
            ("", "persistentvolumeclaims") => ClaimAsync(node, attributes, cancellationToken),
            ("", "persistentvolumes") => GetAsync(node, attributes, () => _graph.MountsVolume(node, attributes.Name), cancellationToken),
            ("resource.k8s.io", "resourceclaims") => GetAsync(node, attributes, Reaches(NodeObjectKind.ResourceClaim), cancellationToken),
            ("storage.k8s.io", "volumeattachments") =>
                GetAsync(node, attributes, () => _graph.IsAttached(node, attributes.Name), cancellationToken),
            ("", "serviceaccounts") => ServiceAccountAsync(node, attributes, cancellationToken),
            ("coordination.k8s.io", "leases") => new(Lease(node, attributes)),
            ("storage.k8s.io", "csinodes") => new(CsiNode(node, attributes)),
            ("resource.k8s.io", "resourceslices") => SliceAsync(node, attributes, cancellationToken),
            ("", "nodes") => new(OwnNode(node, attributes)),
            ("", "pods") => PodAsync(node, attributes, cancellationToken),
            _ => new(ByRules(attributes)),
        };

        Func<bool> Reaches(NodeObjectKind kind) => () => _graph.Reaches(node, new(kind, attributes.Namespace, attributes.Name));
    }

    public ValueTask<ResolvedRules> RulesForAsync(UserInfo user, string @namespace, CancellationToken cancellationToken) =>
        new(NodeIdentity.Of(user) is { } node
            ? new() { Incomplete = true, Errors = [$"node authorizer does not support user rule resolution for user {GoText.Quote(node)}"] }
            : ResolvedRules.None);

    private AuthorizationDecision ByRules(AuthorizationAttributes attributes)
    {
        Span<char> room = stackalloc char[RbacQuestion.Room];
        return _rules.Allows(new(attributes, room), out _) ? AuthorizationDecision.Allow() : AuthorizationDecision.NoOpinion();
    }

    private ValueTask<AuthorizationDecision> ReadAsync(
        string node, NodeObjectKind kind, AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        if (!attributes.IsReadOnly)
            return Refuse("can only read resources of this type");
        if (attributes.Subresource.Length > 0)
            return Refuse("cannot read subresource");
        if (attributes.Namespace.Length == 0)
            return Refuse("can only read namespaced object of this type");
        return RelatedAsync(node, attributes, () => _graph.Reaches(node, new(kind, attributes.Namespace, attributes.Name)), cancellationToken);
    }

    private ValueTask<AuthorizationDecision> ClaimAsync(string node, AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        var reaches = () => _graph.Reaches(node, new(NodeObjectKind.PersistentVolumeClaim, attributes.Namespace, attributes.Name));
        if (attributes.Subresource != "status")
            return GetAsync(node, attributes, reaches, cancellationToken);
        return attributes.Verb is "update" or "patch"
            ? RelatedAsync(node, attributes, reaches, cancellationToken)
            : Refuse("can only get/update/patch this type");
    }

    private ValueTask<AuthorizationDecision> GetAsync(
        string node, AuthorizationAttributes attributes, Func<bool> isRelated, CancellationToken cancellationToken)
    {
        if (attributes.Verb != "get")
            return Refuse("can only get individual resources of this type");
        return attributes.Subresource.Length > 0
            ? Refuse("cannot get subresource")
            : RelatedAsync(node, attributes, isRelated, cancellationToken);
    }

    private ValueTask<AuthorizationDecision> ServiceAccountAsync(
        string node, AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        var reaches = () => _graph.Reaches(node, new(NodeObjectKind.ServiceAccount, attributes.Namespace, attributes.Name));
        if (attributes.Verb == "get")
            return GetAsync(node, attributes, reaches, cancellationToken);
        if (attributes.Verb != "create" || attributes.Name.Length == 0)
            return Refuse("can only create tokens for individual service accounts");
        return attributes.Subresource != "token"
            ? Refuse("can only create token subresource of serviceaccount")
            : RelatedAsync(node, attributes, reaches, cancellationToken);
    }

    private static AuthorizationDecision Lease(string node, AuthorizationAttributes attributes) =>
        attributes.Verb is not ("get" or "create" or "update" or "patch" or "delete")
            ? AuthorizationDecision.NoOpinion("can only get, create, update, patch, or delete a node lease")
        : attributes.Namespace != LeaseNamespace
            ? AuthorizationDecision.NoOpinion($"can only access leases in the {GoText.Quote(LeaseNamespace)} system namespace")
        // The name of what is to be created is not known here; NodeRestriction looks at it.
        : attributes.Verb != "create" && attributes.Name != node
            ? AuthorizationDecision.NoOpinion("can only access node lease with the same name as the requesting node")
        : AuthorizationDecision.Allow();

    private static AuthorizationDecision CsiNode(string node, AuthorizationAttributes attributes) =>
        attributes.Verb is not ("get" or "create" or "update" or "patch" or "delete")
            ? AuthorizationDecision.NoOpinion("can only get, create, update, patch, or delete a CSINode")
        : attributes.Subresource.Length > 0
            ? AuthorizationDecision.NoOpinion("cannot authorize CSINode subresources")
        : attributes.Verb != "create" && attributes.Name != node
            ? AuthorizationDecision.NoOpinion("can only access CSINode with the same name as the requesting node")
        : AuthorizationDecision.Allow();

    private ValueTask<AuthorizationDecision> SliceAsync(string node, AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        if (attributes.Subresource.Length > 0)
            return Refuse("cannot authorize ResourceSlice subresources");
        switch (attributes.Verb)
        {
            case "create":
                return Allow();
            case "get" or "update" or "patch" or "delete":
                return RelatedAsync(node, attributes, () => _graph.OwnsSlice(node, attributes.Name), cancellationToken);
            case "watch" or "list" or "deletecollection":
                return Selects(attributes, "nodeName", node) ? Allow()
                    : Refuse("can only list/watch/deletecollection resourceslices with nodeName field selector");
            default:
                return Refuse(
                    "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection");
        }
    }

    private static AuthorizationDecision OwnNode(string node, AuthorizationAttributes attributes) => (attributes.Subresource, attributes.Verb) switch
    {
        // NodeRestriction sees to it that it is the kubelet's own.
        ("", "create" or "update" or "patch") or ("status", "update" or "patch") => AuthorizationDecision.Allow(),
        ("", "get" or "list" or "watch") when attributes.Name == node => AuthorizationDecision.Allow(),
        ("", "get" or "list" or "watch") => AuthorizationDecision.NoOpinion(attributes.Name.Length == 0
            ? $"node '{node}' cannot read all nodes, only its own Node object"
            : $"node '{node}' cannot read '{attributes.Name}', only its own Node object"),
        _ => AuthorizationDecision.NoOpinion(),
    };

    private ValueTask<AuthorizationDecision> PodAsync(string node, AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        var runs = () => _graph.RunsPod(node, attributes.Namespace, attributes.Name);
        switch (attributes.Subresource, attributes.Verb)
        {
            case ("", "get"):
                return GetAsync(node, attributes, runs, cancellationToken);
            case ("", "list" or "watch"):
                return Selects(attributes, "spec.nodeName", node) ? Allow()
                    : attributes.Name.Length > 0 ? RelatedAsync(node, attributes, runs, cancellationToken)
                    : Refuse("can only list/watch pods with spec.nodeName field selector");
            // Static pods' objects, reports and evictions; NodeRestriction sees to it that they are the kubelet's own.
            case ("", "create" or "delete") or ("status", "update" or "patch") or ("eviction", "create"):
                return Allow();
            default:
                return Refuse("");
        }
    }

    private async ValueTask<AuthorizationDecision> RelatedAsync(
        string node, AuthorizationAttributes attributes, Func<bool> isRelated, CancellationToken cancellationToken)
    {
        if (attributes.Name.Length == 0)
            return AuthorizationDecision.NoOpinion("No Object name found");
        var related = isRelated();
        if (!related)
        {
            await _freshness.CatchUpAsync(cancellationToken);
            related = isRelated();
        }
        return related
            ? AuthorizationDecision.Allow()
            : AuthorizationDecision.NoOpinion($"no relationship found between node '{node}' and this object");
    }

    private static bool Selects(AuthorizationAttributes attributes, string field, string value) =>
        attributes.FieldSelector?.Requirements.Any(r => !r.Negated && r.Field == field && r.Value == value) == true;

    private static ValueTask<AuthorizationDecision> Allow() => new(AuthorizationDecision.Allow());

    private static ValueTask<AuthorizationDecision> Refuse(string reason) => new(AuthorizationDecision.NoOpinion(reason));
}
