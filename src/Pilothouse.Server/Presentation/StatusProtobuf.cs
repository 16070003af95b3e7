using System.Buffers;
using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Presentation;

/// <summary>A <see cref="Status"/> in protobuf.</summary>
internal static class StatusProtobuf
{
    private static readonly SchemaType s_type = BuiltInCatalog.MetaType("Status");

    /// <summary>The whole object, with its envelope.</summary>
    public static byte[] Encode(Status status)
    {
        var json = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(json, JsonAnswers.WriterOptions))
            status.WriteTo(writer);
        return ProtobufEnvelope.Encode(json.WrittenSpan, s_type, "v1", "Status");
    }
}
