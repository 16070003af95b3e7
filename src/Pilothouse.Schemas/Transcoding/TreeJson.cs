using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Pilothouse.Schemas;

/// <summary>Writes trees without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class TreeJson : JsonSerializerContext;
