using System.Buffers;
using System.Text;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// What stands around an object in protobuf, on the wire and in etcd: <c>k8s\0</c> and a <c>runtime.Unknown</c> that names the
/// object's kind and holds its message.
/// </summary>
public static class ProtobufEnvelope
{
    /// <summary>What every object in protobuf begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    // contentEncoding and contentType: written, and empty.
    private static ReadOnlySpan<byte> End => [0x1a, 0, 0x22, 0];

    /// <summary>Everything up to the message, except its length: magic, kind, and the message's tag.</summary>
    public static byte[] StartOf(string apiVersion, string kind)
    {
        var typeMeta = new List<byte>();
        Append(typeMeta, 0x0a, Encoding.UTF8.GetBytes(apiVersion));
        Append(typeMeta, 0x12, Encoding.UTF8.GetBytes(kind));
        var start = new List<byte>([.. Magic]);
        Append(start, 0x0a, [.. typeMeta]);
        start.Add(0x12);
        return [.. start];
    }

    /// <summary>How long an envelope is.</summary>
    public static long Length(ReadOnlySpan<byte> start, long message) =>
        start.Length + ProtobufOutput.VarintLength((ulong)message) + message + End.Length;

    /// <summary>Writes an envelope up to its message.</summary>
    public static void WriteStart(ReadOnlySpan<byte> start, long message, IBufferWriter<byte> output)
    {
        output.Write(start);
        WriteLength(message, output);
    }

    /// <summary>Writes what stands behind the message.</summary>
    public static void WriteEnd(IBufferWriter<byte> output) => output.Write(End);

    /// <summary>Writes a whole envelope.</summary>
    public static void Write(ReadOnlySpan<byte> start, ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        WriteStart(start, message.Length, output);
        output.Write(message);
        WriteEnd(output);
    }

    /// <summary>A whole object: its envelope, and its JSON as a message.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> json, SchemaType type, string apiVersion, string kind)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 64);
        using var encoder = new ProtobufEncoder();
        Write(StartOf(apiVersion, kind), encoder.Encode(json, type), output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes a length as protobuf does.</summary>
    public static void WriteLength(long length, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(10);
        var at = 0;
        for (var left = (ulong)length; ; left >>= 7)
        {
            span[at++] = (byte)(left >= 0x80 ? left | 0x80 : left);
            if (left < 0x80)
                break;
        }
        output.Advance(at);
    }

    /// <summary>How many bytes <see cref="WriteLength"/> writes.</summary>
    public static int LengthOf(long length) => ProtobufOutput.VarintLength((ulong)length);

    /// <summary>Takes an envelope apart: what kind it says it holds, and where in it the message stands.</summary>
    public static Outcome<(string ApiVersion, string Kind, Range Message)> Open(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            return Status.BadRequest("empty data");
        if (!body.StartsWith(Magic))
            return Status.BadRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        if (body.Length == Magic.Length)
            return Status.BadRequest("empty body");
        try
        {
            ReadOnlySpan<byte> typeMeta = default;
            var message = 0..0;
            var input = new ProtobufInput(body[Magic.Length..]);
            while (!input.AtEnd)
            {
                input.ReadTag(out var number, out var wireType);
                if (number is 1 or 2 && wireType != ProtobufInput.Bytes)
                    throw new ProtobufException($"proto: wrong wireType = {wireType} for field {(number == 1 ? "TypeMeta" : "Raw")}");
                if (number == 1)
                    typeMeta = input.ReadBytes();
                else if (number == 2)
                    message = EndingAt(body.Length, input.ReadBytes().Length, input.Left);
                else
                    input.Skip(wireType);
            }
            return (Encoding.UTF8.GetString(ProtobufForms.Field(typeMeta, 1)), Encoding.UTF8.GetString(ProtobufForms.Field(typeMeta, 2)), message);
        }
        catch (ProtobufException malformed)
        {
            return Status.BadRequest(malformed.Message);
        }
    }

    private static Range EndingAt(int whole, int length, int left) => (whole - left - length)..(whole - left);

    private static void Append(List<byte> to, byte tag, byte[] bytes)
    {
        to.Add(tag);
        to.AddRange(ProtobufOutput.Varint((ulong)bytes.Length));
        to.AddRange(bytes);
    }
}
