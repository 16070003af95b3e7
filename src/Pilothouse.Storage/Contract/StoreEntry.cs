using Pilothouse.Objects;

namespace Pilothouse.Storage;

/// <summary>A key with its value at one revision.</summary>
/// <param name="Key">Relative to the prefix, <c>/pods/default/web-0</c>.</param>
/// <param name="Value">The stored bytes. Owned by nobody: never written to again.</param>
/// <param name="Created">The revision in which the key came to be (its last creation).</param>
/// <param name="Modified">The revision of this value.</param>
public sealed record StoreEntry(string Key, ReadOnlyMemory<byte> Value, Revision Created, Revision Modified);
