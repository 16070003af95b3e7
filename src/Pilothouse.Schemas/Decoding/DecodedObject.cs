using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>An object read against its schema, in normal form.</summary>
/// <param name="Json">The tree.</param>
/// <param name="StrictErrors">
/// What strict decoding refuses, in order of appearance: <c>unknown field "spec.extra"</c>, <c>duplicate field "spec.x"</c>.
/// The fields named are dropped (unknown) or overwritten by the last (duplicate).
/// </param>
public sealed record DecodedObject(JsonObject Json, IReadOnlyList<string> StrictErrors);
