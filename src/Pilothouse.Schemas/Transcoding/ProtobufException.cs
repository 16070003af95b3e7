namespace Pilothouse.Schemas;

/// <summary>Bytes that are no protobuf of their type. Does not leave the decoder, which turns it into a Status.</summary>
internal sealed class ProtobufException(string message) : Exception(message)
{
    public static ProtobufException UnexpectedEnd() => new("unexpected EOF");
}
