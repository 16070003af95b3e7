using Pilothouse.Catalog;

namespace Pilothouse.Server.CustomResources;

/// <summary>What a definition makes: one collection, served in some versions.</summary>
/// <param name="Definition">The definition's name, <c>widgets.example.com</c>.</param>
/// <param name="Shape">What the descriptions depend on, as text: with the same shape they are the same.</param>
/// <param name="IsTerminating">The definition is being deleted.</param>
/// <param name="Collection">The collection, in the stored version.</param>
/// <param name="Served">The served versions, the most stable first.</param>
internal sealed record CustomResource(
    string Definition, string Shape, bool IsTerminating, StoredResource Collection, IReadOnlyList<ServedResource> Served)
{
    public string Group => Collection.Resource.Group;
}
