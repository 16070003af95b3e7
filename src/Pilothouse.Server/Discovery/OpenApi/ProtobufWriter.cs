using System.Text;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>
/// Writes protobuf messages into one buffer. A nested message is written in place, and moved up by the few bytes of its length
/// once that is known: cheaper than a buffer for each of the tens of thousands of small messages of an OpenAPI document.
/// </summary>
internal sealed class ProtobufWriter
{
    private const uint LengthDelimited = 2;

    private byte[] _buffer = new byte[1 << 16];
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>A text; the empty one is left out, as proto3 does.</summary>
    public void Text(int field, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            Element(field, value);
    }

    /// <summary>An element of a repeated text, which may be empty.</summary>
    public void Element(int field, string value)
    {
        Number(((uint)field << 3) | LengthDelimited);
        var size = Encoding.UTF8.GetByteCount(value);
        Number((uint)size);
        Encoding.UTF8.GetBytes(value, Room(size));
        _length += size;
    }

    public void Flag(int field, bool value)
    {
        if (!value)
            return;
        Number((uint)field << 3);
        Number(1);
    }

    public void Message(int field, Action<ProtobufWriter> write)
    {
        Number(((uint)field << 3) | LengthDelimited);
        var start = _length;
        write(this);
        var size = _length - start;
        var prefix = SizeOf((uint)size);
        Room(prefix);
        _buffer.AsSpan(start, size).CopyTo(_buffer.AsSpan(start + prefix));
        _length = start;
        Number((uint)size);
        _length += size;
    }

    private void Number(uint value)
    {
        var span = Room(5);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _length += length;
    }

    private static int SizeOf(uint value)
    {
        var size = 1;
        for (; value >= 0x80; value >>= 7)
            size++;
        return size;
    }

    /// <summary>Free bytes behind what was written.</summary>
    private Span<byte> Room(int size)
    {
        if (_buffer.Length - _length < size)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + size));
        return _buffer.AsSpan(_length);
    }
}
