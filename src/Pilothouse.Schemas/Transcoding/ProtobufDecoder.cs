using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Turns protobuf as Kubernetes writes it into JSON bytes, by schema and straight: a message's fields are found first, and then
/// written in the order and by the rules of canonical bytes. What a body holds is checked behind it like any other JSON.
/// </summary>
/// <remarks>
/// Unknown fields are skipped, messages that come in pieces are merged, and of values that come twice the last counts, as in Go.
/// </remarks>
public sealed class ProtobufDecoder : IDisposable
{
    /// <summary>How deep messages may stand in each other.</summary>
    private const int MaxDepth = 250;

    /// <summary>
    /// How much JSON may come of a message: twice its length, and this. Empty messages, two bytes each, would become many times as
    /// much, and more still as a tree; what objects hold is mostly text, which stays as long as it is.
    /// </summary>
    private const long FreeBytes = 1024 * 1024;

    private readonly Utf8JsonWriter _writer;
    private readonly long _limit;

    /// <summary>For each struct that is being read, its fields' first and last occurrence by property, or -1. A stack.</summary>
    private (int First, int Last)[] _slots = ArrayPool<(int, int)>.Shared.Rent(256);
    private int _slotsUsed;

    /// <summary>Where the fields of those structs stand. A stack.</summary>
    private Occurrence[] _found = ArrayPool<Occurrence>.Shared.Rent(256);
    private int _foundUsed;

    private ProtobufDecoder(IBufferWriter<byte> output, int messageLength)
    {
        _writer = new(output, JsonBytes.Options);
        _limit = 2L * messageLength + FreeBytes;
    }

    /// <summary>The object in an envelope as JSON, with the envelope's kind and apiVersion where it names them.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="type">What the object is read as.</param>
    public static Outcome<byte[]> ToJson(ReadOnlySpan<byte> body, SchemaType type)
    {
        if (!ProtobufEnvelope.Open(body).TryGet(out var opened, out var failure))
            return failure;
        var (apiVersion, kind, message) = opened;
        // Of another kind, its fields would be misread: kind and version are enough to refuse it.
        var fits = kind.Length == 0 || type.Kinds.Count == 0 || type.Kinds.Any(k => k.Kind == kind);
        return ToJson(fits ? body[message] : default, type, apiVersion, kind);
    }

    /// <summary>A message as JSON in canonical bytes.</summary>
    /// <param name="message">The message, without an envelope.</param>
    /// <param name="type">What it is.</param>
    /// <param name="apiVersion">Written when not empty; messages do not hold it.</param>
    /// <param name="kind">The same.</param>
    public static Outcome<byte[]> ToJson(ReadOnlySpan<byte> message, SchemaType type, string apiVersion, string kind)
    {
        var output = new ArrayBufferWriter<byte>(2 * message.Length + 128);
        using var decoder = new ProtobufDecoder(output, message.Length);
        try
        {
            decoder._writer.WriteStartObject();
            if (kind.Length > 0)
                decoder._writer.WriteString("kind"u8, kind);
            if (apiVersion.Length > 0)
                decoder._writer.WriteString("apiVersion"u8, apiVersion);
            decoder.WriteProperties(message, 0, message.Length, type, 0);
            decoder._writer.WriteEndObject();
            decoder._writer.Flush();
        }
        catch (ProtobufException malformed)
        {
            return Status.BadRequest(malformed.Message);
        }
        return output.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        _writer.Dispose();
        ArrayPool<(int, int)>.Shared.Return(_slots);
        ArrayPool<Occurrence>.Shared.Return(_found);
        (_slots, _found) = ([], []);
    }

    private void WriteStruct(ReadOnlySpan<byte> bytes, int start, int length, SchemaType type, int depth)
    {
        _writer.WriteStartObject();
        WriteProperties(bytes, start, length, type, depth);
        _writer.WriteEndObject();
    }

    /// <summary>Writes the properties of a struct whose message stands in a part of some bytes.</summary>
    private void WriteProperties(ReadOnlySpan<byte> bytes, int start, int length, SchemaType type, int depth)
    {
        if (depth > MaxDepth)
            throw new ProtobufException($"proto: nested more than {MaxDepth} deep");
        if (_writer.BytesCommitted + _writer.BytesPending > _limit)
            throw new ProtobufException("proto: the message holds too many empty messages");
        var (slots, found) = (_slotsUsed, _foundUsed);
        var properties = type.Properties;
        Reserve(properties.Count);
        Find(bytes, start, length, type, type.Protobuf, slots, depth);
        for (var i = 0; i < properties.Count; i++)
        {
            var (first, last) = _slots[slots + i];
            var property = properties[i];
            if (first >= 0)
                WriteGiven(bytes, property, type, first, last, depth);
            // Kind and apiVersion are no fields of a message; the envelope has them.
            else if (property.ProtobufNumber.Length > 0)
                WriteAbsent(property);
        }
        (_slotsUsed, _foundUsed) = (slots, found);
    }

    private void Find(ReadOnlySpan<byte> bytes, int start, int length, SchemaType type, ProtobufFields fields, int slots, int depth)
    {
        var end = start + length;
        var input = new ProtobufInput(bytes.Slice(start, length));
        while (!input.AtEnd)
        {
            input.ReadTag(out var number, out var wireType);
            if (!fields.TryGet(number, out var field))
            {
                input.Skip(wireType);
                continue;
            }
            // Writers of Kubernetes never pack numbers; others may.
            var packed = wireType == ProtobufInput.Bytes && field.Property?.Type.Kind == SchemaKind.List;
            if (wireType != field.WireType && !packed)
                throw WrongWireType(wireType, field.Property is { } named ? GoNameOf(named) : $"{type.GoName}Source");
            var at = end - input.Left;
            input.Skip(wireType);
            var (from, size) = (at, end - input.Left - at);
            if (wireType == ProtobufInput.Bytes)
            {
                // Without the length that stands before the bytes.
                var payload = new ProtobufInput(bytes.Slice(at, size)).ReadBytes().Length;
                (from, size) = (from + size - payload, payload);
            }
            if (field.Flattened is { } flattened)
                Find(bytes, from, size, type, flattened, slots, depth);
            else
                Add(ref _slots[slots + field.Index], new(from, size, wireType));
        }
    }

    private void Add(ref (int First, int Last) slot, Occurrence occurrence)
    {
        if (_foundUsed == _found.Length)
        {
            var larger = ArrayPool<Occurrence>.Shared.Rent(_found.Length * 2);
            _found.AsSpan(0, _foundUsed).CopyTo(larger);
            ArrayPool<Occurrence>.Shared.Return(_found);
            _found = larger;
        }
        _found[_foundUsed] = occurrence;
        if (slot.First < 0)
            slot.First = _foundUsed;
        else
            _found[slot.Last].Next = _foundUsed;
        slot.Last = _foundUsed++;
    }

    private void WriteGiven(ReadOnlySpan<byte> bytes, SchemaProperty property, SchemaType owner, int first, int last, int depth)
    {
        var type = property.Type;
        switch (type.Kind)
        {
            case SchemaKind.List:
                _writer.WritePropertyName(property.EncodedName);
                _writer.WriteStartArray();
                for (var at = first; at >= 0; at = _found[at].Next)
                    WriteElement(bytes, _found[at], type.Element!, owner, depth);
                _writer.WriteEndArray();
                break;
            case SchemaKind.Map:
                _writer.WritePropertyName(property.EncodedName);
                WriteMap(bytes, type.Element!, owner, first, depth);
                break;
            case SchemaKind.Struct or SchemaKind.Any when first != last:
                var merged = Merge(bytes, first);
                WriteProperty(merged, new(0, merged.Length, ProtobufInput.Bytes), property, owner, depth);
                break;
            default:
                WriteProperty(bytes, _found[last], property, owner, depth);
                break;
        }
    }

    /// <summary>Writes a property, unless it is one that canonical bytes leave out because it is zero.</summary>
    private void WriteProperty(ReadOnlySpan<byte> bytes, Occurrence value, SchemaProperty property, SchemaType owner, int depth)
    {
        var type = property.Type;
        var message = bytes.Slice(value.Start, value.Length);
        var zero = type.Kind switch
        {
            SchemaKind.Integer or SchemaKind.Boolean => new ProtobufInput(message).ReadVarint() == 0,
            SchemaKind.Number => message.IndexOfAnyExcept((byte)0) < 0,
            SchemaKind.String => message.IsEmpty,
            SchemaKind.Bytes => message.IsEmpty && property.Omit != Omission.Never,
            // Go never takes a struct for empty; a time that is none is null, and so are raw values without bytes.
            SchemaKind.Time or SchemaKind.MicroTime => ProtobufForms.Time(message) is null,
            SchemaKind.Any or SchemaKind.Embedded => message.IsEmpty,
            _ => false,
        };
        if (zero && !(property.Pointer && type.Kind is not (SchemaKind.Time or SchemaKind.MicroTime or SchemaKind.Any or SchemaKind.Embedded)))
        {
            WriteAbsent(property);
            return;
        }
        _writer.WritePropertyName(property.EncodedName);
        WriteValue(bytes, value, type, owner, depth);
    }

    private void WriteAbsent(SchemaProperty property)
    {
        if (!SchemaEncoder.WritesNothing(property))
            return;
        _writer.WritePropertyName(property.EncodedName);
        SchemaEncoder.WriteNothing(property, _writer);
    }

    private void WriteElement(ReadOnlySpan<byte> bytes, Occurrence value, SchemaType element, SchemaType owner, int depth)
    {
        var wireType = ProtobufField.WireTypeOf(element);
        if (value.WireType == wireType)
        {
            WriteValue(bytes, value, element, owner, depth);
            return;
        }
        var end = value.Start + value.Length;
        var packed = new ProtobufInput(bytes.Slice(value.Start, value.Length));
        while (!packed.AtEnd)
        {
            var at = end - packed.Left;
            packed.Skip(wireType);
            WriteValue(bytes, new(at, end - packed.Left - at, wireType), element, owner, depth);
        }
    }

    /// <summary>Writes a map's entries: sorted, and of a name that stands twice the last, whatever order they came in.</summary>
    private void WriteMap(ReadOnlySpan<byte> bytes, SchemaType element, SchemaType owner, int first, int depth)
    {
        var entries = new List<(Range Name, Occurrence? Value)>();
        var sorted = true;
        for (var at = first; at >= 0; at = _found[at].Next)
        {
            var entry = ReadEntry(bytes, _found[at], element);
            sorted &= entries.Count == 0 || bytes[entries[^1].Name].SequenceCompareTo(bytes[entry.Name]) < 0;
            entries.Add(entry);
        }
        if (!sorted)
        {
            var byName = new SortedDictionary<byte[], (Range, Occurrence?)>(Comparer<byte[]>.Create((l, r) => l.AsSpan().SequenceCompareTo(r)));
            foreach (var entry in entries)
                byName[bytes[entry.Name].ToArray()] = entry;
            entries = [.. byName.Values];
        }
        _writer.WriteStartObject();
        foreach (var (name, value) in entries)
        {
            var text = bytes[name];
            if (Utf8.IsValid(text))
                _writer.WritePropertyName(text);
            else
                _writer.WritePropertyName(System.Text.Encoding.UTF8.GetString(text));
            if (value is { } given)
                WriteValue(bytes, given, element, owner, depth);
            else
                SchemaEncoder.WriteZero(element, _writer);
        }
        _writer.WriteEndObject();
    }

    private static (Range Name, Occurrence? Value) ReadEntry(ReadOnlySpan<byte> bytes, Occurrence entry, SchemaType element)
    {
        var end = entry.Start + entry.Length;
        var name = 0..0;
        Occurrence? value = null;
        var input = new ProtobufInput(bytes.Slice(entry.Start, entry.Length));
        while (!input.AtEnd)
        {
            input.ReadTag(out var number, out var wireType);
            if (number is not (1 or 2))
            {
                input.Skip(wireType);
                continue;
            }
            if (wireType != (number == 1 ? ProtobufInput.Bytes : ProtobufField.WireTypeOf(element)))
                throw WrongWireType(wireType, number == 1 ? "Key" : "Value");
            var at = end - input.Left;
            var size = 0;
            if (wireType == ProtobufInput.Bytes)
            {
                size = input.ReadBytes().Length;
                at = end - input.Left - size;
            }
            else
            {
                input.Skip(wireType);
                size = end - input.Left - at;
            }
            if (number == 1)
                name = at..(at + size);
            else
                value = new(at, size, wireType);
        }
        return (name, value);
    }

    private void WriteValue(ReadOnlySpan<byte> bytes, Occurrence value, SchemaType type, SchemaType owner, int depth)
    {
        var message = bytes.Slice(value.Start, value.Length);
        switch (type.Kind)
        {
            case SchemaKind.Integer:
                var integer = (long)new ProtobufInput(message).ReadVarint();
                _writer.WriteNumberValue(type.Format == "int32" ? (int)integer : integer);
                break;
            case SchemaKind.Boolean:
                _writer.WriteBooleanValue(new ProtobufInput(message).ReadVarint() != 0);
                break;
            case SchemaKind.Number:
                var real = BitConverter.UInt64BitsToDouble(new ProtobufInput(message).ReadFixed64());
                _writer.WriteNumberValue(double.IsFinite(real) ? real : throw new ProtobufException($"json: unsupported value: {real}"));
                break;
            case SchemaKind.Struct:
                WriteStruct(bytes, value.Start, value.Length, type, depth + 1);
                break;
            case SchemaKind.List:
                WriteWrappedList(bytes, value, type.Element!, owner, depth + 1);
                break;
            case SchemaKind.Any when ProtobufForms.IsSchemaOr(type):
                WriteSchemaOr(bytes, value, type, owner, depth + 1);
                break;
            case SchemaKind.Any or SchemaKind.Embedded:
                ProtobufForms.WriteRaw(message, _writer);
                break;
            case SchemaKind.Bytes:
                _writer.WriteBase64StringValue(message);
                break;
            case SchemaKind.Quantity:
                WriteText(ProtobufForms.Quantity(message));
                break;
            case SchemaKind.IntOrString:
                if (ProtobufForms.IsString(message, out var text, out var number))
                    WriteText(text);
                else
                    _writer.WriteNumberValue(number);
                break;
            case SchemaKind.Time or SchemaKind.MicroTime:
                if (ProtobufForms.Time(message) is { } time)
                    _writer.WriteStringValue(type.Kind == SchemaKind.Time ? time.ToString() : time.ToMicroString());
                else
                    _writer.WriteNullValue();
                break;
            case SchemaKind.Duration:
                _writer.WriteStringValue(GoDuration.Format(ProtobufForms.Duration(message)));
                break;
            default:
                WriteText(message);
                break;
        }
    }

    /// <summary>A list where no field can repeat, in a list or a map: a message with the elements in field 1.</summary>
    private void WriteWrappedList(ReadOnlySpan<byte> bytes, Occurrence value, SchemaType element, SchemaType owner, int depth)
    {
        _writer.WriteStartArray();
        WriteField(bytes, value, 1, element, owner, depth);
        _writer.WriteEndArray();
    }

    /// <summary>A schema, or something simpler that stands in its place.</summary>
    private void WriteSchemaOr(ReadOnlySpan<byte> bytes, Occurrence value, SchemaType type, SchemaType owner, int depth)
    {
        var message = bytes.Slice(value.Start, value.Length);
        var isBool = ProtobufForms.IsSchemaOrBool(type);
        var schema = isBool ? 2 : 1;
        if (Has(message, schema))
        {
            WriteField(bytes, value, schema, owner, owner, depth);
        }
        else if (isBool)
        {
            _writer.WriteBooleanValue(ProtobufForms.Number(message, 1) != 0);
        }
        else if (Has(message, 2))
        {
            _writer.WriteStartArray();
            WriteField(bytes, value, 2, ProtobufForms.ElementOf(type, owner), owner, depth);
            _writer.WriteEndArray();
        }
        else
        {
            _writer.WriteNullValue();
        }
    }

    /// <summary>Writes every value of one field of a message, one behind the other.</summary>
    private void WriteField(ReadOnlySpan<byte> bytes, Occurrence message, int wanted, SchemaType type, SchemaType owner, int depth)
    {
        if (depth > MaxDepth)
            throw new ProtobufException($"proto: nested more than {MaxDepth} deep");
        var end = message.Start + message.Length;
        var input = new ProtobufInput(bytes.Slice(message.Start, message.Length));
        while (!input.AtEnd)
        {
            input.ReadTag(out var number, out var wireType);
            if (number != wanted)
            {
                input.Skip(wireType);
                continue;
            }
            if (wireType != ProtobufInput.Bytes || ProtobufField.WireTypeOf(type) != ProtobufInput.Bytes)
                throw WrongWireType(wireType, "Items");
            var length = input.ReadBytes().Length;
            WriteValue(bytes, new(end - input.Left - length, length, wireType), type, owner, depth);
        }
    }

    private static bool Has(ReadOnlySpan<byte> message, int wanted)
    {
        var input = new ProtobufInput(message);
        while (!input.AtEnd)
        {
            input.ReadTag(out var number, out var wireType);
            if (number == wanted)
                return true;
            input.Skip(wireType);
        }
        return false;
    }

    /// <summary>A message that came in pieces, put together: that is how protobuf merges them.</summary>
    private byte[] Merge(ReadOnlySpan<byte> bytes, int first)
    {
        var merged = new ArrayBufferWriter<byte>();
        for (var at = first; at >= 0; at = _found[at].Next)
            merged.Write(bytes.Slice(_found[at].Start, _found[at].Length));
        return merged.WrittenSpan.ToArray();
    }

    private void WriteText(ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8))
            _writer.WriteStringValue(utf8);
        else
            _writer.WriteStringValue(System.Text.Encoding.UTF8.GetString(utf8));
    }

    private void Reserve(int count)
    {
        if (_slotsUsed + count > _slots.Length)
        {
            var larger = ArrayPool<(int, int)>.Shared.Rent(Math.Max(_slots.Length * 2, _slotsUsed + count));
            _slots.AsSpan(0, _slotsUsed).CopyTo(larger);
            ArrayPool<(int, int)>.Shared.Return(_slots);
            _slots = larger;
        }
        _slots.AsSpan(_slotsUsed, count).Fill((-1, -1));
        _slotsUsed += count;
    }

    private static string GoNameOf(SchemaProperty property) => char.ToUpperInvariant(property.Name[0]) + property.Name[1..];

    private static ProtobufException WrongWireType(int wireType, string field) => new($"proto: wrong wireType = {wireType} for field {field}");

    /// <summary>Where a field's value stands, without tag and length.</summary>
    private record struct Occurrence(int Start, int Length, int WireType)
    {
        /// <summary>The same field's next value; -1 for none.</summary>
        public int Next { get; set; } = -1;
    }
}
