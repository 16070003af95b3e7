using System.Text.Json;

namespace Pilothouse.Schemas;

/// <summary>A property of a struct: its type and how it is written, defaulted, merged and published.</summary>
public sealed class SchemaProperty
{
    public required string Name
    {
        get;
        init
        {
            field = value;
            EncodedName = JsonEncodedText.Encode(value);
            PathElement = PathElement.OfSchema(value);
            IsManagedFields = value == "managedFields";
        }
    }

    public required SchemaType Type { get; init; }

    /// <summary>The name, encoded once for writing.</summary>
    public JsonEncodedText EncodedName { get; private init; }

    /// <summary>The name as a step of a field's path.</summary>
    internal PathElement PathElement { get; private init; } = null!;

    /// <summary>The account of who owns what. An empty list there is kept: it says that all is to be forgotten.</summary>
    internal bool IsManagedFields { get; private init; }

    public bool Required { get; init; }

    /// <summary>Go has a pointer: a zero value that is given is kept and written, and differs from none.</summary>
    public bool Pointer { get; init; }

    public Omission Omit { get; init; }

    /// <summary>The published default as JSON; null for none. It fills in only when it is not the zero value, or for a pointer.</summary>
    public string? Default { get; init; }

    /// <summary>How apply and published schemas see a list: atomic, set or map.</summary>
    public string ListType { get; init; } = "";

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    public string MapType { get; init; } = "";

    /// <summary>How the list merges when objects are applied: as it says, or else as strategic merge patch has it.</summary>
    public ListMerging Merging => ListType switch
    {
        "map" => ListMerging.Map,
        "set" => ListMerging.Set,
        "" when PatchStrategy is "merge" or "merge,retainKeys" => PatchMergeKey.Length > 0 ? ListMerging.Map : ListMerging.Set,
        _ => ListMerging.Atomic,
    };

    /// <summary>The keys by which the list's elements merge; none unless it is a map.</summary>
    public IReadOnlyList<string> MergeKeys =>
        ListMapKeys.Count > 0 ? ListMapKeys : ListType.Length == 0 && PatchMergeKey.Length > 0 ? [PatchMergeKey] : [];

    /// <summary>Strategic merge patch: <c>merge</c>, <c>retainKeys</c>, or both with a comma.</summary>
    public string PatchStrategy { get; init; } = "";

    public string PatchMergeKey { get; init; } = "";

    /// <summary>
    /// The protobuf field: its number, or the numbers on the way to it (<c>2.1</c>) where JSON flattens a message. Empty for
    /// none. Pointers are written when set, lists and maps when not empty, everything else always.
    /// </summary>
    public string ProtobufNumber { get; init; } = "";
}
