using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>What came of a write.</summary>
/// <param name="Object">The object as it is now, or as it was when it was deleted.</param>
/// <param name="Created">It was not there before.</param>
/// <param name="Status">Sent instead of the object; null mostly.</param>
internal sealed record Written(CachedObject? Object, bool Created = false, Status? Status = null)
{
    /// <summary>The HTTP status to send with the object when it is neither 200 nor 201.</summary>
    public int? Code { get; init; }
}
