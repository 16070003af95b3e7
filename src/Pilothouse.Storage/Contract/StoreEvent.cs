using Pilothouse.Objects;

namespace Pilothouse.Storage;

/// <summary>One change of one key.</summary>
/// <param name="Key">Relative to the prefix.</param>
/// <param name="Value">The new value; null when the key was deleted.</param>
/// <param name="Created">The revision in which the key came to be; equals <paramref name="Revision"/> for a creation; none for a deletion.</param>
/// <param name="Revision">The revision of the change.</param>
public readonly record struct StoreEvent(string Key, ReadOnlyMemory<byte>? Value, Revision Created, Revision Revision);
