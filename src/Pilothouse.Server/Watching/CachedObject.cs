using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>
/// An object as it is served: the bytes that were stored, with resourceVersion spliced in, and beside them only what selectors
/// and keys need. Immutable and shared: GET and LIST copy <see cref="Json"/> to the socket, watchers too.
/// </summary>
public sealed class CachedObject
{
    /// <summary>The key in the store, relative to its prefix; the sort order of lists.</summary>
    public required string Key { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The revision of this state: its resourceVersion.</summary>
    public required Revision Revision { get; init; }

    /// <summary>The object, <c>{"kind":…,"apiVersion":…,"metadata":{…}…}</c>, in the stored version.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>
    /// Where the part behind kind and apiVersion begins: items of a list are <c>{</c> and the bytes from here on.
    /// </summary>
    public required int BodyOffset { get; init; }

    /// <summary>Where the value of <c>metadata</c> stands in <see cref="Json"/>, for answers that show only metadata.</summary>
    public required Range Metadata { get; init; }

    /// <summary>
    /// The store has other bytes for it: another version, fields that are no longer known, defaults that came later. Whoever writes
    /// it writes it anew, even if nothing else has changed. Only told of custom resources.
    /// </summary>
    internal bool IsStale { get; set; }

    /// <summary>The object's message in protobuf while somebody asks for it; kept and let go of by <c>RecentMessages</c>.</summary>
    internal byte[]? Protobuf { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>
    /// How long the message in protobuf is, once somebody has asked; 0 before. A list says its length before its items: knowing
    /// theirs, it encodes them once.
    /// </summary>
    internal int ProtobufLength { get; set; }

    /// <summary>Labels as name, value, name, value …; empty for none. Strings are interned where they repeat.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The values of the resource's selectable fields, in their order.</summary>
    public required IReadOnlyList<string> Fields { get; init; }
}
