using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>What came of an apply.</summary>
/// <param name="Document">The merged object as it is written, not yet read against its schema; null when nothing changed.</param>
/// <param name="Managed">Who owns what now.</param>
public sealed record AppliedObject(JsonObject? Document, ManagedFields Managed);
