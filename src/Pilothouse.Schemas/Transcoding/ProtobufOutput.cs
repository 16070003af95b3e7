using System.Buffers;
using System.Buffers.Binary;

namespace Pilothouse.Schemas;

/// <summary>
/// Writes protobuf from its end to its beginning: what a message holds is written before its length is, so that lengths need
/// neither a pass of their own nor copies. The buffer is rented, kept for the next message, and returned by <see cref="Dispose"/>.
/// </summary>
internal sealed class ProtobufOutput : IDisposable
{
    private const int MaxVarint = 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);

    /// <summary>Where what is written begins.</summary>
    private int _at;

    public ProtobufOutput() => _at = _buffer.Length;

    /// <summary>How much is written: a message's length is the difference of two of these.</summary>
    public int Length => _buffer.Length - _at;

    /// <summary>What is written; valid until the next call.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(_at);

    public static byte[] Tag(int number, int wireType) => Varint((ulong)((number << 3) | wireType));

    public static byte[] Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[MaxVarint];
        return bytes[..Format(value, bytes)].ToArray();
    }

    public static int VarintLength(ulong value) => (70 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7;

    /// <summary>Begins anew.</summary>
    public void Clear() => _at = _buffer.Length;

    public void Prepend(ReadOnlySpan<byte> bytes)
    {
        // Most tags are one byte, and most fields that are not set none.
        if (bytes.Length <= 1)
        {
            if (bytes.Length == 1)
                PrependByte(bytes[0]);
            return;
        }
        if (_at < bytes.Length)
            Grow(bytes.Length);
        _at -= bytes.Length;
        bytes.CopyTo(_buffer.AsSpan(_at));
    }

    /// <summary>Room for so many bytes in front of what is written.</summary>
    public Span<byte> PrependSpan(int length)
    {
        if (_at < length)
            Grow(length);
        _at -= length;
        return _buffer.AsSpan(_at, length);
    }

    public void PrependByte(byte value)
    {
        if (_at == 0)
            Grow(1);
        _buffer[--_at] = value;
    }

    public void PrependVarint(ulong value)
    {
        if (value < 0x80)
        {
            PrependByte((byte)value);
            return;
        }
        Span<byte> bytes = stackalloc byte[MaxVarint];
        Prepend(bytes[..Format(value, bytes)]);
    }

    public void PrependFixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(PrependSpan(sizeof(ulong)), value);

    /// <summary>Closes a message at its beginning: its length, and the tag before it.</summary>
    /// <param name="tag">The field's tag.</param>
    /// <param name="end">What <see cref="Length"/> was before the message was written.</param>
    public void PrependHeader(ReadOnlySpan<byte> tag, int end)
    {
        PrependVarint((ulong)(Length - end));
        Prepend(tag);
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _at) = ([], 0);
    }

    private static int Format(ulong value, Span<byte> into)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            into[length++] = (byte)(value | 0x80);
        into[length++] = (byte)value;
        return length;
    }

    private void Grow(int needed)
    {
        var written = Length;
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_buffer.Length * 2, written + needed)));
        _buffer.AsSpan(_at).CopyTo(larger.AsSpan(larger.Length - written));
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        _at = larger.Length - written;
    }
}
