using System.Text.Json.Serialization;

namespace Pilothouse.Schemas.Tests;

[JsonSerializable(typeof(string))]
internal sealed partial class JsonText : JsonSerializerContext;
