using System.Collections.Frozen;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>
/// What Kubernetes' default role bindings give to everyone: health and version (system:public-info-viewer), and to whoever is
/// authenticated also discovery (system:discovery) and questions about oneself (system:basic-user). Stands in for RBAC, which
/// reads the roles themselves, until that is there.
/// </summary>
public sealed class BasicRulesAuthorizer : IAuthorizer
{
    private static readonly FrozenSet<string> _public = FrozenSet.Create(
        StringComparer.Ordinal, "/healthz", "/livez", "/readyz", "/version", "/version/");

    private static readonly FrozenSet<string> _discovery = FrozenSet.Create(
        StringComparer.Ordinal, "/api", "/apis", "/openapi");

    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken) =>
        new(IsAllowed(attributes) ? AuthorizationDecision.Allow() : AuthorizationDecision.NoOpinion());

    private static bool IsAllowed(AuthorizationAttributes attributes)
    {
        var authenticated = attributes.User.IsIn(UserInfo.Authenticated);
        if (attributes.IsResourceRequest)
            return authenticated && IsAboutOneself(attributes);
        if (attributes.Verb != "get")
            return false;
        return (_public.Contains(attributes.Path) && (authenticated || attributes.User.IsIn(UserInfo.Unauthenticated)))
            || (authenticated && (_discovery.Contains(attributes.Path)
                || attributes.Path.StartsWith("/api/", StringComparison.Ordinal)
                || attributes.Path.StartsWith("/apis/", StringComparison.Ordinal)
                || attributes.Path.StartsWith("/openapi/", StringComparison.Ordinal)));
    }

    private static bool IsAboutOneself(AuthorizationAttributes attributes) =>
        attributes is { Verb: "create", Subresource: "" }
        && (attributes.Group, attributes.Resource) is
            ("authorization.k8s.io", "selfsubjectaccessreviews" or "selfsubjectrulesreviews")
            or ("authentication.k8s.io", "selfsubjectreviews");
}
