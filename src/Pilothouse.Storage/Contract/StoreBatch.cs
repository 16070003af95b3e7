using Pilothouse.Objects;

namespace Pilothouse.Storage;

/// <summary>Changes in order, complete up to a revision.</summary>
/// <param name="Events">In order of revision; may be empty.</param>
/// <param name="Revision">Nothing at or below this revision is still to come.</param>
public sealed record StoreBatch(IReadOnlyList<StoreEvent> Events, Revision Revision);
