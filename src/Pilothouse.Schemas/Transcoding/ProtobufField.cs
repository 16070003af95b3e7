namespace Pilothouse.Schemas;

/// <summary>One field of a message: a property, or a message that JSON flattens into its struct.</summary>
internal sealed class ProtobufField
{
    public ProtobufField(int number, SchemaProperty property, int index)
    {
        (Number, Property, Index) = (number, property, index);
        var type = property.Type;
        WireType = WireTypeOf(type.Kind == SchemaKind.List ? type.Element! : type);
        Tag = ProtobufOutput.Tag(number, WireType);
        // Go writes what is no pointer whatever its value; of byte slices only those that are set.
        Zero = property.Pointer || type.Kind is SchemaKind.List or SchemaKind.Map or SchemaKind.Bytes ? [] : [.. Tag, .. ZeroOf(type)];
    }

    public ProtobufField(int number, ProtobufFields flattened)
    {
        (Number, Flattened, Index) = (number, flattened, -1);
        WireType = ProtobufInput.Bytes;
        Tag = ProtobufOutput.Tag(number, WireType);
        Zero = [.. Tag, .. ProtobufOutput.Varint((ulong)flattened.ZeroMessage.Length), .. flattened.ZeroMessage];
    }

    public int Number { get; }

    /// <summary>Null for a flattened message.</summary>
    public SchemaProperty? Property { get; }

    /// <summary>Where the property stands among those of its struct.</summary>
    public int Index { get; }

    /// <summary>Null for a property.</summary>
    public ProtobufFields? Flattened { get; }

    /// <summary>How a value, or each element of a list, is written.</summary>
    public int WireType { get; }

    /// <summary>The bytes before a value, or before each element of a list.</summary>
    public byte[] Tag { get; }

    /// <summary>What is written when the property has no value: tag and zero value, or nothing.</summary>
    public byte[] Zero { get; }

    public static int WireTypeOf(SchemaType type) => type.Kind switch
    {
        SchemaKind.Integer or SchemaKind.Boolean => ProtobufInput.Varint,
        SchemaKind.Number => ProtobufInput.Fixed64,
        _ => ProtobufInput.Bytes,
    };

    /// <summary>The zero value of a type behind its tag; messages with their length.</summary>
    public static byte[] ZeroOf(SchemaType type) => type.Kind switch
    {
        SchemaKind.Number => new byte[8],
        SchemaKind.Struct => [.. ProtobufOutput.Varint((ulong)type.Protobuf.ZeroMessage.Length), .. type.Protobuf.ZeroMessage],
        SchemaKind.Quantity => [3, 0x0a, 1, (byte)'0'],
        SchemaKind.IntOrString => [6, 0x08, 0, 0x10, 0, 0x1a, 0],
        SchemaKind.Duration => [2, 0x08, 0],
        // The varint 0, or the length of an empty text, list, time, or raw value.
        _ => [0],
    };
}
