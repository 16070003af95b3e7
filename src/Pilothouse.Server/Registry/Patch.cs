using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>A patch that was read.</summary>
/// <param name="Kind">Its language.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Tree">The tree; null for a merge patch or a document that is null.</param>
/// <param name="Duplicates">What strict decoding says of fields that stand twice in it.</param>
internal sealed record Patch(PatchKind Kind, ReadOnlyMemory<byte> Body, JsonNode? Tree, IReadOnlyList<string> Duplicates)
{
    /// <summary>Why it cannot be applied to anything; null when it can. Whether there is an object at all counts before this.</summary>
    public Status? Fault { get; init; }
}
