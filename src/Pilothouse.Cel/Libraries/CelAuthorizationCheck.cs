namespace Pilothouse.Cel;

/// <summary>A question that an expression puts to the authorizer.</summary>
/// <param name="ServiceAccount">Namespace and name of a service account to ask for, instead of the request's user.</param>
/// <param name="Path">A path that is no resource's; null for a resource.</param>
/// <param name="Group">The API group.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Subresource">The subresource, or empty.</param>
/// <param name="Namespace">The namespace, or empty.</param>
/// <param name="Name">The name, or empty.</param>
/// <param name="FieldSelector">A field selector's text, or empty.</param>
/// <param name="LabelSelector">A label selector's text, or empty.</param>
/// <param name="Verb">What is to be done.</param>
public sealed record CelAuthorizationCheck(
    (string Namespace, string Name)? ServiceAccount, string? Path, string Group, string Resource, string Subresource,
    string Namespace, string Name, string FieldSelector, string LabelSelector, string Verb);
