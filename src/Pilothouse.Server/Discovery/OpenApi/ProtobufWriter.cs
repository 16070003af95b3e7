using System.Buffers;
using System.Text;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>Writes one protobuf message; a nested one is written by a writer of its own and copied in with its length.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();

    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    /// <summary>A text; the empty one is left out, as proto3 does.</summary>
    public void Text(int field, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            Element(field, value);
    }

    /// <summary>An element of a repeated text, which may be empty.</summary>
    public void Element(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Flag(int field, bool value)
    {
        if (!value)
            return;
        Number((uint)field << 3);
        Number(1);
    }

    public void Message(int field, Action<ProtobufWriter> write)
    {
        var nested = new ProtobufWriter();
        write(nested);
        Bytes(field, nested.Written);
    }

    private void Bytes(int field, ReadOnlySpan<byte> value)
    {
        const uint lengthDelimited = 2;
        Number(((uint)field << 3) | lengthDelimited);
        Number((uint)value.Length);
        _output.Write(value);
    }

    private void Number(uint value)
    {
        var span = _output.GetSpan(5);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _output.Advance(length);
    }
}
