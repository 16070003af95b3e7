using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>The resource, in the version that a rule named, as which a request is shown to whoever made the rule.</summary>
/// <param name="Resource">In that version; objects are converted to it, see <see cref="VersionedObjects"/>.</param>
/// <param name="Kind">The kind of the objects: that of the resource, or of its subresource where that speaks its own.</param>
public sealed record MatchedResource(ServedResource Resource, GroupVersionKind Kind)
{
    /// <summary>As the client asked.</summary>
    public static MatchedResource OfRequest(AdmissionRequest request) => new(request.Context.Resource, request.Kind);
}
