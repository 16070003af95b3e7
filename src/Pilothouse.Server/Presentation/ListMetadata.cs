using Pilothouse.Objects;

namespace Pilothouse.Server.Presentation;

/// <summary>The <c>metadata</c> of a list.</summary>
/// <param name="Revision">The revision that the list shows.</param>
/// <param name="Continue">Where the next page begins; empty for the last page.</param>
/// <param name="RemainingItemCount">How many items are behind this page; null when there are none or nobody knows (selectors).</param>
public readonly record struct ListMetadata(Revision Revision, string Continue = "", long? RemainingItemCount = null);
