using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>A binding's <c>paramRef</c>.</summary>
/// <param name="Name">The object's name; empty for those that a selector finds.</param>
/// <param name="Namespace">Its namespace; empty for the request's.</param>
/// <param name="Selector">Finds several; null when there is a name.</param>
/// <param name="DeniesWithout">Whether it is a failure to find none.</param>
internal sealed record ParameterReference(string Name, string Namespace, Outcome<LabelSelector>? Selector, bool DeniesWithout);
