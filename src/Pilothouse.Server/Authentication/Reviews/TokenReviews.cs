using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Authentication.Tokens;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Authentication.Reviews;

/// <summary>TokenReview: tells those who were shown a token whom it stands for.</summary>
public sealed class TokenReviews(BearerTokenAuthenticator authenticator) : IVirtualResource
{
    public GroupVersionResource Resource { get; } = new("authentication.k8s.io", "v1", "tokenreviews");

    public string Subresource => "";

    public async ValueTask<Outcome<JsonObject>> CreateAsync(VirtualRequest request, CancellationToken cancellationToken)
    {
        var review = request.Object;
        var spec = review.Object("spec");
        var token = spec?.Text("token") ?? "";
        if (token.Length == 0)
            return Status.BadRequest("token is required for TokenReview in authentication");
        // As in a header: spaces around do not count, and what follows one does not either.
        var shown = token.Trim().Split(' ')[0];
        var audiences = spec.List("audiences") is { } given ? given.Select(a => a.AsText() ?? "").ToList() : [];
        var answer = shown.Length == 0 ? TokenAnswer.Unknown : await authenticator.ReviewAsync(shown, audiences, cancellationToken);

        var metadata = ObjectMetadata.Of(review);
        foreach (var system in (string[])["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "namespace"])
            metadata.Json.Remove(system);
        var status = new JsonObject { ["user"] = new JsonObject() };
        if (answer.User is { } user)
        {
            status["authenticated"] = true;
            status["user"] = UserJson.Write(AuthenticatorChain.Known(user));
            status["audiences"] = new JsonArray([.. answer.Audiences.Select(a => JsonValue.Create(a))]);
        }
        else
        {
            status["error"] = BearerTokenAuthenticator.ErrorOf(answer);
        }
        review["status"] = status;
        return review;
    }
}
