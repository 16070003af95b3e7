using Pilothouse.Objects;

namespace Pilothouse.Storage;

/// <summary>What to read: keys from <paramref name="Start"/> (inclusive) to <paramref name="End"/> (exclusive), by ordinal.</summary>
/// <param name="Start">The first key.</param>
/// <param name="End">The key behind the last.</param>
/// <param name="Limit">At most so many; 0 for all.</param>
/// <param name="At">At which revision; none for now.</param>
public readonly record struct StoreRange(string Start, string End, int Limit = 0, Revision At = default)
{
    /// <summary>All keys that begin with a prefix.</summary>
    public static StoreRange Prefix(string prefix, int limit = 0, Revision at = default) =>
        new(prefix, prefix.Length == 0 ? "\uffff" : prefix[..^1] + (char)(prefix[^1] + 1), limit, at);
}
