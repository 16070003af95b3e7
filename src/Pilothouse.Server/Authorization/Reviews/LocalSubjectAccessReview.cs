using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Authorization.Reviews;

/// <summary>LocalSubjectAccessReview: the same about one namespace, so that the right to ask can be given for one.</summary>
internal sealed class LocalSubjectAccessReview(IAuthorizer authorizer) : IVirtualResource
{
    public GroupVersionResource Resource => AuthorizationReviews.Of("localsubjectaccessreviews");

    public string Subresource => "";

    public async ValueTask<Outcome<JsonObject>> CreateAsync(VirtualRequest request, CancellationToken cancellationToken)
    {
        var review = request.Object;
        var spec = review.ObjectOrNew("spec");
        ObjectMetadata.Of(review).Namespace = request.Namespace;
        var errors = new FieldErrors();
        AccessReviewValidation.ValidateSpec(spec, aboutCaller: false, errors);
        AccessReviewValidation.ValidateMetadata(review, namespaced: true, errors);
        if (spec.Object("resourceAttributes") is { } resource && (resource.Text("namespace") ?? "") is var ns && ns != request.Namespace)
            errors.Add(FieldError.Invalid("spec.resourceAttributes.namespace", ns, "must match metadata.namespace"));
        if (spec.Object("nonResourceAttributes") is { } path)
            errors.Add(FieldError.Invalid("spec.nonResourceAttributes", AccessReviewValidation.Shown(path), "disallowed on this kind of request"));
        if (errors.Any)
            return AuthorizationReviews.Invalid(errors);
        var attributes = AccessReviewAttributes.Of(spec);
        review["status"] = AccessReviewAttributes.StatusOf(await authorizer.AuthorizeAsync(attributes, cancellationToken), attributes);
        return review;
    }
}
