using System.Text;
using System.Text.Json;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>The types that JSON writes as one value and protobuf as a message.</summary>
internal static class ProtobufForms
{
    private static readonly SchemaType s_text = new() { Kind = SchemaKind.String, GoType = "string" };

    /// <summary>A schema or something simpler: a list, a bool, or names. Its struct's own type is the schema's.</summary>
    public static bool IsSchemaOr(SchemaType type) =>
        type.Kind == SchemaKind.Any && type.GoName.StartsWith("JSONSchemaPropsOr", StringComparison.Ordinal);

    public static bool IsSchemaOrBool(SchemaType type) => type.GoName == "JSONSchemaPropsOrBool";

    /// <summary>What a list in the place of a schema holds.</summary>
    public static SchemaType ElementOf(SchemaType type, SchemaType owner) =>
        type.GoName == "JSONSchemaPropsOrStringArray" ? s_text : owner;

    /// <summary>Reads a time as either type writes it; null when it is none.</summary>
    public static GoTime? ParseTime(ReadOnlySpan<byte> text) =>
        GoTime.TryParse(Encoding.UTF8.GetString(text), out var time) is null ? time : null;

    /// <summary>Nanoseconds; 0 for what is no duration.</summary>
    public static long ParseDuration(ReadOnlySpan<byte> text) =>
        GoDuration.TryParse(Encoding.UTF8.GetString(text), out long nanoseconds) is null ? nanoseconds : 0;

    /// <summary>Field 1 is the canonical text.</summary>
    public static ReadOnlySpan<byte> Quantity(ReadOnlySpan<byte> message)
    {
        var text = Field(message, 1);
        return text.IsEmpty ? "0"u8 : text;
    }

    /// <summary>Field 1 says which (0: the integer in 2, 1: the string in 3).</summary>
    public static bool IsString(ReadOnlySpan<byte> intOrString, out ReadOnlySpan<byte> text, out int number)
    {
        var isString = Number(intOrString, 1) == 1;
        text = isString ? Field(intOrString, 3) : default;
        number = isString ? 0 : (int)Number(intOrString, 2);
        return isString;
    }

    /// <summary>Seconds since 1970 in 1, nanoseconds in 2; an empty message is no time, and neither is the first moment of year 1.</summary>
    public static GoTime? Time(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty)
            return null;
        var time = new GoTime(Number(message, 1), (int)Number(message, 2));
        const long yearZero = -62167219200, yearTenThousand = 253402300800;
        if (time.Seconds is < yearZero or >= yearTenThousand || time.Nanoseconds is < 0 or >= 1_000_000_000)
            throw new ProtobufException("Time.MarshalJSON: year outside of range [0,9999]");
        return time.IsZero ? null : time;
    }

    /// <summary>Nanoseconds in field 1.</summary>
    public static long Duration(ReadOnlySpan<byte> message) => Number(message, 1);

    /// <summary>JSON bytes in field 1, as they are: a RawExtension, an arbitrary value, managed fields. Writes null for none.</summary>
    public static void WriteRaw(ReadOnlySpan<byte> message, Utf8JsonWriter writer)
    {
        var raw = Field(message, 1);
        if (raw.IsEmpty)
        {
            writer.WriteNullValue();
            return;
        }
        if (raw.StartsWith(ProtobufEnvelope.Magic))
            throw new ProtobufException("json: an object in an object must be JSON");
        try
        {
            var reader = new Utf8JsonReader(raw, new() { MaxDepth = GoJson.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (!raw[(int)reader.BytesConsumed..].Trim(" \t\r\n"u8).IsEmpty)
                throw new ProtobufException("json: invalid character after top-level value");
            document.RootElement.WriteTo(writer);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new ProtobufException($"json: {malformed.Message}");
        }
    }

    /// <summary>The last field of a number that holds bytes; empty for none.</summary>
    public static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> message, int wanted)
    {
        ReadOnlySpan<byte> found = default;
        var input = new ProtobufInput(message);
        while (!input.AtEnd)
        {
            input.ReadTag(out var number, out var wireType);
            if (number == wanted && wireType == ProtobufInput.Bytes)
                found = input.ReadBytes();
            else
                input.Skip(wireType);
        }
        return found;
    }

    /// <summary>The last field of a number that holds a varint; 0 for none.</summary>
    public static long Number(ReadOnlySpan<byte> message, int wanted)
    {
        var found = 0L;
        var input = new ProtobufInput(message);
        while (!input.AtEnd)
        {
            input.ReadTag(out var number, out var wireType);
            if (number == wanted && wireType == ProtobufInput.Varint)
                found = (long)input.ReadVarint();
            else
                input.Skip(wireType);
        }
        return found;
    }
}
