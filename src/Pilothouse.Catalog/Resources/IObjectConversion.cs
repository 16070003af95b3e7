using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Converts objects of a custom resource from one version to another, where that is more than another name.</summary>
public interface IObjectConversion
{
    /// <summary>Converts objects of one resource, whatever version each is of. A failure when one of them cannot be converted.</summary>
    /// <param name="objects">Not edited; each with apiVersion and metadata.</param>
    /// <param name="apiVersion">The version wanted.</param>
    /// <param name="cancellationToken">The request's end.</param>
    ValueTask<Outcome<IReadOnlyList<JsonObject>>> ConvertAsync(
        IReadOnlyList<JsonObject> objects, string apiVersion, CancellationToken cancellationToken);
}
