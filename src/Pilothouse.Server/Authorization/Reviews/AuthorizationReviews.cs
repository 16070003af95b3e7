using Pilothouse.Objects;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Authorization.Reviews;

/// <summary>The resources of <c>authorization.k8s.io</c>: questions to the authorizers.</summary>
public static class AuthorizationReviews
{
    private const string Group = "authorization.k8s.io";

    /// <summary>All of them, answered by the server's authorizers.</summary>
    public static IReadOnlyList<IVirtualResource> All(AuthorizerChain authorizers) =>
    [
        new SubjectAccessReview(authorizers),
        new LocalSubjectAccessReview(authorizers),
        new SelfSubjectAccessReview(authorizers),
        new SelfSubjectRulesReview(authorizers),
    ];

    internal static GroupVersionResource Of(string resource) => new(Group, "v1", resource);

    /// <summary>The refusal of a faulty review. Upstream's has no kind, as the object forgot its own on the way.</summary>
    internal static Status Invalid(FieldErrors errors) => Status.Invalid(new(Group, ""), "", errors.All);
}
