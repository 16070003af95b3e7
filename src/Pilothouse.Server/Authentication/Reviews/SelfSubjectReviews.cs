using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Registry;

namespace Pilothouse.Server.Authentication.Reviews;

/// <summary>SelfSubjectReview: tells callers who they are (KEP-3325; <c>kubectl auth whoami</c>).</summary>
public sealed class SelfSubjectReviews(TimeProvider time) : IVirtualResource
{
    public GroupVersionResource Resource { get; } = new("authentication.k8s.io", "v1", "selfsubjectreviews");

    public string Subresource => "";

    public ValueTask<Outcome<JsonObject>> CreateAsync(VirtualRequest request, CancellationToken cancellationToken) => new(new JsonObject
    {
        ["kind"] = request.Resource.Kind.Kind,
        ["apiVersion"] = request.Resource.Kind.ApiVersion,
        ["metadata"] = new JsonObject { ["creationTimestamp"] = GoTime.From(time.GetUtcNow()).ToString() },
        ["status"] = new JsonObject { ["userInfo"] = UserJson.Write(request.Api.User) },
    });
}
