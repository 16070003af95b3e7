using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>
/// A resource, or a subresource, that is created to be answered and is never stored: TokenReview, SubjectAccessReview,
/// serviceaccounts/token. The dispatcher has decoded and checked the body and let admission see it.
/// </summary>
public interface IVirtualResource
{
    /// <summary>The resource in the path; for a subresource, its parent.</summary>
    GroupVersionResource Resource { get; }

    /// <summary>Empty for the resource itself.</summary>
    string Subresource { get; }

    /// <summary>Answers: usually the object that came in, with its status filled in. The client gets it with 201.</summary>
    ValueTask<Outcome<JsonObject>> CreateAsync(VirtualRequest request, CancellationToken cancellationToken);
}
