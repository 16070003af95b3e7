using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Pilothouse.Schemas;

/// <summary>
/// Turns an object's JSON bytes into protobuf as Go writes it, by schema: one pass makes an index of the text, one writes the
/// message from its end to its beginning. Fields come in ascending order, map entries in that of the JSON (canonical bytes have
/// them sorted), and what is no pointer is written also when it is zero.
/// </summary>
/// <remarks>Reusable, and for one thread at a time: an answer makes one and encodes all its objects with it.</remarks>
public sealed class ProtobufEncoder : IDisposable
{
    private static ReadOnlySpan<byte> Field1 => [0x0a];

    private readonly JsonParts _parts = new();
    private readonly ProtobufOutput _output = new();

    /// <summary>For each struct that is being written, the part of each of its properties, or -1. A stack.</summary>
    private int[] _slots = ArrayPool<int>.Shared.Rent(256);
    private int _slotsUsed;

    /// <summary>The message of an object, without an envelope.</summary>
    /// <param name="json">The object; what its schema does not know is left out, as is what does not fit its type.</param>
    /// <param name="type">Its schema.</param>
    /// <returns>Valid until the next call.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public ReadOnlySpan<byte> Encode(ReadOnlySpan<byte> json, SchemaType type)
    {
        _output.Clear();
        _slotsUsed = 0;
        WriteStruct(json, type, _parts.Read(json, type));
        return _output.Written;
    }

    /// <summary>The message of one object, without an envelope.</summary>
    /// <inheritdoc cref="Encode"/>
    public static byte[] ToMessage(ReadOnlySpan<byte> json, SchemaType type)
    {
        using var encoder = new ProtobufEncoder();
        return encoder.Encode(json, type).ToArray();
    }

    public void Dispose()
    {
        _parts.Dispose();
        _output.Dispose();
        if (_slots.Length > 0)
            ArrayPool<int>.Shared.Return(_slots);
        _slots = [];
    }

    private void WriteStruct(ReadOnlySpan<byte> json, SchemaType type, int part)
    {
        if (_parts[part].Kind != JsonTokenType.StartObject)
        {
            _output.Prepend(type.Protobuf.ZeroMessage);
            return;
        }
        // Schemas may stand in schemas as deep as JSON may be nested.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var start = _slotsUsed;
        var slots = Reserve(type.Properties.Count);
        slots.Fill(-1);
        for (var child = _parts[part].Last; child >= 0; child = _parts[child].Previous)
        {
            // Of a name that stands twice, the last counts.
            ref var slot = ref slots[_parts[child].Name];
            slot = slot < 0 ? child : slot;
        }
        WriteFields(json, type, type.Protobuf, start);
        _slotsUsed = start;
    }

    private void WriteFields(ReadOnlySpan<byte> json, SchemaType owner, ProtobufFields fields, int slots)
    {
        var inOrder = fields.InOrder;
        for (var i = inOrder.Length - 1; i >= 0; i--)
        {
            var field = inOrder[i];
            if (field.Flattened is { } flattened)
            {
                var end = _output.Length;
                WriteFields(json, owner, flattened, slots);
                _output.PrependHeader(field.Tag, end);
            }
            else if (_slots[slots + field.Index] is var part && (part < 0 || _parts[part].Kind == JsonTokenType.Null))
            {
                _output.Prepend(field.Zero);
            }
            else
            {
                WriteField(json, owner, field, part);
            }
        }
    }

    private void WriteField(ReadOnlySpan<byte> json, SchemaType owner, ProtobufField field, int part)
    {
        var type = field.Property!.Type;
        switch (type.Kind)
        {
            case SchemaKind.List:
                WriteElements(json, owner, field.Tag, type.Element!, part);
                break;
            case SchemaKind.Map:
                for (var entry = _parts[part].Last; entry >= 0; entry = _parts[entry].Previous)
                {
                    var end = _output.Length;
                    WriteValue(json, owner, [(byte)(2 << 3 | ProtobufField.WireTypeOf(type.Element!))], type.Element!, entry);
                    var key = _output.Length;
                    var named = _parts[entry];
                    WriteText(json, named.Name, named.NameLength, named.NameEscaped);
                    _output.PrependHeader(Field1, key);
                    _output.PrependHeader(field.Tag, end);
                }
                break;
            default:
                WriteValue(json, owner, field.Tag, type, part);
                break;
        }
    }

    private void WriteElements(ReadOnlySpan<byte> json, SchemaType owner, ReadOnlySpan<byte> tag, SchemaType element, int list)
    {
        for (var part = _parts[list].Last; part >= 0; part = _parts[part].Previous)
            WriteValue(json, owner, tag, element, part);
    }

    private void WriteValue(ReadOnlySpan<byte> json, SchemaType owner, ReadOnlySpan<byte> tag, SchemaType type, int part)
    {
        switch (type.Kind)
        {
            case SchemaKind.Integer:
                _output.PrependVarint((ulong)IntegerOf(json, part));
                _output.Prepend(tag);
                break;
            case SchemaKind.Boolean:
                _output.PrependByte(_parts[part].Kind == JsonTokenType.True ? (byte)1 : (byte)0);
                _output.Prepend(tag);
                break;
            case SchemaKind.Number:
                _output.PrependFixed64(BitConverter.DoubleToUInt64Bits(
                    Utf8Parser.TryParse(TextOf(json, part), out double number, out _) ? number : 0));
                _output.Prepend(tag);
                break;
            default:
                var end = _output.Length;
                WriteMessage(json, owner, type, part);
                _output.PrependHeader(tag, end);
                break;
        }
    }

    /// <summary>What stands behind a length.</summary>
    private void WriteMessage(ReadOnlySpan<byte> json, SchemaType owner, SchemaType type, int part)
    {
        switch (type.Kind)
        {
            case SchemaKind.Struct:
                WriteStruct(json, type, part);
                break;
            case SchemaKind.List:
                WriteElements(json, owner, [(byte)(1 << 3 | ProtobufField.WireTypeOf(type.Element!))], type.Element!, part);
                break;
            case SchemaKind.Any when ProtobufForms.IsSchemaOr(type):
                WriteSchemaOr(json, owner, type, part);
                break;
            case SchemaKind.Any or SchemaKind.Embedded:
                if (_parts[part].Kind == JsonTokenType.Null)
                    break;
                var end = _output.Length;
                _output.Prepend(json.Slice(_parts[part].Start, _parts[part].Length));
                _output.PrependHeader(Field1, end);
                break;
            default:
                WriteScalar(json, type, part);
                break;
        }
    }

    private void WriteScalar(ReadOnlySpan<byte> json, SchemaType type, int part)
    {
        var value = _parts[part];
        var end = _output.Length;
        switch (type.Kind)
        {
            case SchemaKind.Bytes:
                if (value.Kind == JsonTokenType.String)
                    WriteBase64(TextOf(json, part));
                break;
            case SchemaKind.Quantity:
                if (value.Kind is JsonTokenType.String or JsonTokenType.Number)
                    WriteText(json, value.Start, value.Length, value.Escaped);
                else
                    _output.PrependByte((byte)'0');
                _output.PrependHeader(Field1, end);
                break;
            case SchemaKind.IntOrString:
                if (value.Kind == JsonTokenType.String)
                    WriteText(json, value.Start, value.Length, value.Escaped);
                _output.PrependHeader([0x1a], end);
                _output.PrependVarint(value.Kind == JsonTokenType.Number ? (ulong)(int)IntegerOf(json, part) : 0);
                _output.Prepend([0x08, value.Kind == JsonTokenType.String ? (byte)1 : (byte)0, 0x10]);
                break;
            case SchemaKind.Time or SchemaKind.MicroTime:
                if (value.Kind == JsonTokenType.String && ProtobufForms.ParseTime(TextOf(json, part)) is { IsZero: false } time)
                {
                    // metav1.Time has no fraction, metav1.MicroTime none of a microsecond.
                    _output.PrependVarint(type.Kind == SchemaKind.Time ? 0 : (ulong)(time.Nanoseconds / 1000 * 1000));
                    _output.PrependByte(0x10);
                    _output.PrependVarint((ulong)time.Seconds);
                    _output.PrependByte(0x08);
                }
                break;
            case SchemaKind.Duration:
                _output.PrependVarint((ulong)ProtobufForms.ParseDuration(TextOf(json, part)));
                _output.PrependByte(0x08);
                break;
            default:
                if (value.Kind == JsonTokenType.String)
                    WriteText(json, value.Start, value.Length, value.Escaped);
                break;
        }
    }

    /// <summary>A schema, or something simpler that stands in its place.</summary>
    private void WriteSchemaOr(ReadOnlySpan<byte> json, SchemaType owner, SchemaType type, int part)
    {
        var isBool = ProtobufForms.IsSchemaOrBool(type);
        switch (_parts[part].Kind)
        {
            case JsonTokenType.StartObject:
                var end = _output.Length;
                WriteStruct(json, owner, part);
                _output.PrependHeader(isBool ? [0x12] : [0x0a], end);
                // A schema allows.
                if (isBool)
                    _output.Prepend([0x08, 1]);
                break;
            case JsonTokenType.StartArray:
                WriteElements(json, owner, [0x12], ProtobufForms.ElementOf(type, owner), part);
                break;
            default:
                if (isBool)
                    _output.Prepend([0x08, _parts[part].Kind == JsonTokenType.True ? (byte)1 : (byte)0]);
                break;
        }
    }

    private void WriteText(ReadOnlySpan<byte> json, int start, int length, bool escaped)
    {
        var text = json.Slice(start, length);
        _output.Prepend(escaped ? Unescape(json, start, length) : text);
    }

    private void WriteBase64(ReadOnlySpan<byte> text)
    {
        var room = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(text.Length));
        try
        {
            // What is no base64 cannot have been stored by us; Go would not have read it either.
            if (Base64.DecodeFromUtf8(text, room, out _, out var written) == OperationStatus.Done)
                _output.Prepend(room.AsSpan(0, written));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private long IntegerOf(ReadOnlySpan<byte> json, int part)
    {
        var text = TextOf(json, part);
        return _parts[part].Kind != JsonTokenType.Number ? 0
            : Utf8Parser.TryParse(text, out long integer, out var read) && read == text.Length ? integer
            : Utf8Parser.TryParse(text, out double real, out _) ? (long)real
            : 0;
    }

    /// <summary>The text of a string or a number.</summary>
    private ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> json, int part)
    {
        var value = _parts[part];
        return value.Kind is not (JsonTokenType.String or JsonTokenType.Number) ? default
            : value.Escaped ? Unescape(json, value.Start, value.Length)
            : json.Slice(value.Start, value.Length);
    }

    private static byte[] Unescape(ReadOnlySpan<byte> json, int start, int length)
    {
        var reader = new Utf8JsonReader(json.Slice(start - 1, length + 2));
        reader.Read();
        var bytes = new byte[length];
        return bytes[..reader.CopyString(bytes)];
    }

    private Span<int> Reserve(int count)
    {
        if (_slotsUsed + count > _slots.Length)
        {
            var larger = ArrayPool<int>.Shared.Rent(Math.Max(_slots.Length * 2, _slotsUsed + count));
            _slots.AsSpan(0, _slotsUsed).CopyTo(larger);
            ArrayPool<int>.Shared.Return(_slots);
            _slots = larger;
        }
        var reserved = _slots.AsSpan(_slotsUsed, count);
        _slotsUsed += count;
        return reserved;
    }
}
