using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Turns protobuf as Kubernetes writes it (the envelope <c>k8s\0</c> with a <c>runtime.Unknown</c>, in it the object) into
/// JSON bytes, by schema. What is made is read like any other body: checks and normal form are <see cref="SchemaDecoder"/>'s.
/// </summary>
/// <remarks>
/// Unknown fields are skipped, as in Go. Forms of their own: quantities, int-or-strings, times, durations, raw JSON; a list in a
/// list or a map is a message with the elements in field 1.
/// </remarks>
public static class ProtobufDecoder
{
    private const int MaxDepth = 100;

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>The object in an envelope as JSON, with the envelope's kind and apiVersion where it names them.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="type">What the object is read as.</param>
    public static Outcome<byte[]> ToJson(ReadOnlySpan<byte> body, SchemaType type)
    {
        if (!body.StartsWith(Magic))
            return Status.BadRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        try
        {
            var (apiVersion, kind) = ("", "");
            ReadOnlySpan<byte> raw = default;
            var input = new ProtobufInput(body[Magic.Length..]);
            while (!input.AtEnd)
            {
                input.ReadTag(out var number, out var wireType);
                if (wireType != ProtobufInput.Bytes)
                    input.Skip(wireType);
                else if (number == 1)
                    ReadTypeMeta(input.ReadBytes(), out apiVersion, out kind);
                else if (number == 2)
                    raw = input.ReadBytes();
                else
                    input.Skip(wireType);
            }
            var tree = new JsonObject();
            if (kind.Length > 0)
                tree["kind"] = kind;
            if (apiVersion.Length > 0)
                tree["apiVersion"] = apiVersion;
            // Of another kind, its fields would be misread: kind and version are enough to refuse it.
            if (kind.Length == 0 || type.Kinds.Count == 0 || type.Kinds.Any(k => k.Kind == kind))
                ReadStruct(raw, type.Protobuf, tree, 0);
            return JsonSerializer.SerializeToUtf8Bytes(tree, TreeJson.Default.JsonObject);
        }
        catch (ProtobufException malformed)
        {
            return Status.BadRequest(malformed.Message);
        }
    }

    private static void ReadTypeMeta(ReadOnlySpan<byte> bytes, out string apiVersion, out string kind)
    {
        (apiVersion, kind) = ("", "");
        var input = new ProtobufInput(bytes);
        while (!input.AtEnd)
        {
            input.ReadTag(out var number, out var wireType);
            if (wireType != ProtobufInput.Bytes)
                input.Skip(wireType);
            else if (number == 1)
                apiVersion = Text(input.ReadBytes());
            else if (number == 2)
                kind = Text(input.ReadBytes());
            else
                input.Skip(wireType);
        }
    }

    private static void ReadStruct(ReadOnlySpan<byte> bytes, ProtobufFields fields, JsonObject into, int depth)
    {
        if (depth > MaxDepth)
            throw new ProtobufException($"proto: nested more than {MaxDepth} deep");
        var input = new ProtobufInput(bytes);
        while (!input.AtEnd)
        {
            input.ReadTag(out var number, out var wireType);
            if (!fields.TryGet(number, out var field))
                input.Skip(wireType);
            else if (field.Flattened is { } flattened)
                ReadStruct(Expect(ref input, wireType, number), flattened, into, depth + 1);
            else
                ReadField(ref input, wireType, number, field.Property!, into, depth);
        }
    }

    private static void ReadField(ref ProtobufInput input, int wireType, int number, SchemaProperty property, JsonObject into, int depth)
    {
        var type = property.Type;
        switch (type.Kind)
        {
            case SchemaKind.List:
                if (into[property.Name] is not JsonArray list)
                    into[property.Name] = list = new JsonArray();
                ReadElements(ref input, wireType, number, type.Element!, list, depth);
                break;
            case SchemaKind.Map:
                if (into[property.Name] is not JsonObject map)
                    into[property.Name] = map = new JsonObject();
                ReadEntry(Expect(ref input, wireType, number), type.Element!, map, depth + 1);
                break;
            case SchemaKind.Struct when into[property.Name] is JsonObject begun:
                // A message that comes in pieces is merged.
                ReadStruct(Expect(ref input, wireType, number), type.Protobuf, begun, depth + 1);
                break;
            default:
                into[property.Name] = ReadValue(ref input, wireType, number, type, depth);
                break;
        }
    }

    private static void ReadElements(ref ProtobufInput input, int wireType, int number, SchemaType element, JsonArray list, int depth)
    {
        // Writers of Kubernetes never pack numbers; others may.
        if (wireType == ProtobufInput.Bytes && element.Kind is SchemaKind.Integer or SchemaKind.Boolean or SchemaKind.Number)
        {
            var packed = new ProtobufInput(input.ReadBytes());
            while (!packed.AtEnd)
                list.Add(ReadValue(ref packed, element.Kind == SchemaKind.Number ? ProtobufInput.Fixed64 : ProtobufInput.Varint, number, element, depth));
            return;
        }
        list.Add(ReadValue(ref input, wireType, number, element, depth));
    }

    private static void ReadEntry(ReadOnlySpan<byte> bytes, SchemaType element, JsonObject map, int depth)
    {
        var key = "";
        JsonNode? value = null;
        var given = false;
        var input = new ProtobufInput(bytes);
        while (!input.AtEnd)
        {
            input.ReadTag(out var number, out var wireType);
            if (number == 1 && wireType == ProtobufInput.Bytes)
                key = Text(input.ReadBytes());
            else if (number == 2)
                (value, given) = (ReadValue(ref input, wireType, number, element, depth), true);
            else
                input.Skip(wireType);
        }
        map[key] = given ? value : Zero(element);
    }

    private static JsonNode? ReadValue(ref ProtobufInput input, int wireType, int number, SchemaType type, int depth)
    {
        switch (type.Kind)
        {
            case SchemaKind.Integer:
                Expect(wireType, ProtobufInput.Varint, number);
                return JsonValue.Create((long)input.ReadVarint());
            case SchemaKind.Boolean:
                Expect(wireType, ProtobufInput.Varint, number);
                return JsonValue.Create(input.ReadVarint() != 0);
            case SchemaKind.Number:
                Expect(wireType, ProtobufInput.Fixed64, number);
                var real = BitConverter.UInt64BitsToDouble(input.ReadFixed64());
                return double.IsFinite(real) ? JsonValue.Create(real) : throw new ProtobufException($"json: unsupported value: {real}");
        }
        var bytes = Expect(ref input, wireType, number);
        switch (type.Kind)
        {
            case SchemaKind.String:
                return JsonValue.Create(Text(bytes));
            case SchemaKind.Bytes:
                return JsonValue.Create(Convert.ToBase64String(bytes));
            case SchemaKind.Struct:
                var nested = new JsonObject();
                ReadStruct(bytes, type.Protobuf, nested, depth + 1);
                return nested;
            case SchemaKind.List:
                return ReadWrappedList(bytes, type.Element!, depth + 1);
            case SchemaKind.Quantity:
                return JsonValue.Create(ProtobufForms.Quantity(bytes));
            case SchemaKind.IntOrString:
                return ProtobufForms.IntOrString(bytes);
            case SchemaKind.Time:
                return ProtobufForms.Time(bytes, "yyyy-MM-dd'T'HH:mm:ss'Z'");
            case SchemaKind.MicroTime:
                return ProtobufForms.Time(bytes, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");
            case SchemaKind.Duration:
                return ProtobufForms.Duration(bytes);
            default:
                return ProtobufForms.Raw(bytes, type);
        }
    }

    private static JsonArray ReadWrappedList(ReadOnlySpan<byte> bytes, SchemaType element, int depth)
    {
        var list = new JsonArray();
        var input = new ProtobufInput(bytes);
        while (!input.AtEnd)
        {
            input.ReadTag(out var number, out var wireType);
            if (number == 1)
                ReadElements(ref input, wireType, number, element, list, depth);
            else
                input.Skip(wireType);
        }
        return list;
    }

    private static JsonNode? Zero(SchemaType type) => type.Kind switch
    {
        SchemaKind.String or SchemaKind.Bytes => JsonValue.Create(""),
        SchemaKind.Integer => JsonValue.Create(0L),
        SchemaKind.Boolean => JsonValue.Create(false),
        SchemaKind.Quantity => JsonValue.Create("0"),
        SchemaKind.Struct => new JsonObject(),
        _ => null,
    };

    private static ReadOnlySpan<byte> Expect(ref ProtobufInput input, int wireType, int number)
    {
        Expect(wireType, ProtobufInput.Bytes, number);
        return input.ReadBytes();
    }

    private static void Expect(int wireType, int expected, int number)
    {
        if (wireType != expected)
            throw new ProtobufException($"proto: wrong wireType = {wireType} for field {number}");
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
