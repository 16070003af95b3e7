using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Authorization.Reviews;

/// <summary>SelfSubjectAccessReview: may I do something? <c>kubectl auth can-i</c>.</summary>
internal sealed class SelfSubjectAccessReview(IAuthorizer authorizer) : IVirtualResource
{
    public GroupVersionResource Resource => AuthorizationReviews.Of("selfsubjectaccessreviews");

    public string Subresource => "";

    public async ValueTask<Outcome<JsonObject>> CreateAsync(VirtualRequest request, CancellationToken cancellationToken)
    {
        var review = request.Object;
        var spec = review.ObjectOrNew("spec");
        var errors = new FieldErrors();
        AccessReviewValidation.ValidateSpec(spec, aboutCaller: true, errors);
        AccessReviewValidation.ValidateMetadata(review, namespaced: false, errors);
        if (errors.Any)
            return AuthorizationReviews.Invalid(errors);
        var attributes = AccessReviewAttributes.Of(spec, request.Api.User);
        review["status"] = AccessReviewAttributes.StatusOf(await authorizer.AuthorizeAsync(attributes, cancellationToken), attributes);
        return review;
    }
}
