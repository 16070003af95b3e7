using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Authorization.Reviews;

/// <summary>SubjectAccessReview: may somebody do something? For extension servers, kubelets and <c>kubectl auth can-i --as</c>.</summary>
internal sealed class SubjectAccessReview(IAuthorizer authorizer) : IVirtualResource
{
    public GroupVersionResource Resource => AuthorizationReviews.Of("subjectaccessreviews");

    public string Subresource => "";

    public async ValueTask<Outcome<JsonObject>> CreateAsync(VirtualRequest request, CancellationToken cancellationToken)
    {
        var review = request.Object;
        var spec = review.ObjectOrNew("spec");
        var errors = new FieldErrors();
        AccessReviewValidation.ValidateSpec(spec, aboutCaller: false, errors);
        AccessReviewValidation.ValidateMetadata(review, namespaced: false, errors);
        if (errors.Any)
            return AuthorizationReviews.Invalid(errors);
        var attributes = AccessReviewAttributes.Of(spec);
        review["status"] = AccessReviewAttributes.StatusOf(await authorizer.AuthorizeAsync(attributes, cancellationToken), attributes);
        return review;
    }
}
