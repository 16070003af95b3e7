using System.Buffers;
using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>
/// Writes a tree in normal form as the one canonical sequence of bytes: <c>kind</c> and <c>apiVersion</c> first, properties in
/// upstream's order, map keys sorted, fields omitted or written empty as Go does. Two equal objects give equal bytes, so
/// "did this update change anything" is a comparison of bytes.
/// </summary>
public static class SchemaEncoder
{
    /// <summary>Appends the object's bytes to <paramref name="output"/>.</summary>
    public static void Encode(JsonObject tree, SchemaType type, IBufferWriter<byte> output) =>
        throw new NotSupportedException($"Encoding {type} is not there yet.");
}
