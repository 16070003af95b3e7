using System.Buffers.Binary;

namespace Pilothouse.Schemas;

/// <summary>Reads protobuf's wire format from untrusted bytes: every length is checked against what is there.</summary>
internal ref struct ProtobufInput(ReadOnlySpan<byte> bytes)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Bytes = 2;
    public const int Fixed32 = 5;

    private ReadOnlySpan<byte> _left = bytes;

    public readonly bool AtEnd => _left.IsEmpty;

    /// <summary>How many bytes are not read yet.</summary>
    public readonly int Left => _left.Length;

    public void ReadTag(out int number, out int wireType)
    {
        var tag = ReadVarint();
        (number, wireType) = ((int)(tag >> 3), (int)(tag & 7));
        if (number <= 0 || tag > uint.MaxValue)
            throw new ProtobufException($"proto: illegal tag {number} (wire type {wireType})");
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_left.IsEmpty)
                throw ProtobufException.UnexpectedEnd();
            var next = _left[0];
            _left = _left[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw new ProtobufException("proto: integer overflow");
    }

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        return length <= (ulong)_left.Length ? Take((int)length) : throw ProtobufException.UnexpectedEnd();
    }

    public void Skip(int wireType)
    {
        switch (wireType)
        {
            case Varint:
                ReadVarint();
                break;
            case Fixed64:
                Take(8);
                break;
            case Bytes:
                ReadBytes();
                break;
            case Fixed32:
                Take(4);
                break;
            default:
                throw new ProtobufException($"proto: illegal wireType {wireType}");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _left.Length)
            throw ProtobufException.UnexpectedEnd();
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}
