using Pilothouse.Objects;

namespace Pilothouse.Storage;

/// <summary>One compare-and-swap.</summary>
/// <param name="Key">Relative to the prefix.</param>
/// <param name="Value">The new value, or null to delete.</param>
/// <param name="Expected">The modification revision at which the key must stand; none: it must not exist.</param>
/// <param name="TimeToLive">After this time the store deletes the key by itself; null: never. Rounded up as the store sees fit.</param>
public readonly record struct StoreWrite(string Key, ReadOnlyMemory<byte>? Value, Revision Expected, TimeSpan? TimeToLive = null)
{
    public static StoreWrite Create(string key, ReadOnlyMemory<byte> value, TimeSpan? timeToLive = null) =>
        new(key, value, Revision.None, timeToLive);

    public static StoreWrite Update(string key, ReadOnlyMemory<byte> value, Revision expected, TimeSpan? timeToLive = null) =>
        new(key, value, expected, timeToLive);

    public static StoreWrite Delete(string key, Revision expected) => new(key, null, expected);
}
