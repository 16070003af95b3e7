using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>The types that JSON writes as one value and protobuf as a message.</summary>
internal static class ProtobufForms
{
    private const long TicksPerMicrosecond = 10;

    /// <summary>Field 1 is the canonical text.</summary>
    public static string Quantity(ReadOnlySpan<byte> message)
    {
        var text = Field(message, 1);
        return text.IsEmpty ? "0" : Encoding.UTF8.GetString(text);
    }

    /// <summary>Field 1 says which (0: the integer in 2, 1: the string in 3).</summary>
    public static JsonNode IntOrString(ReadOnlySpan<byte> message)
    {
        var isString = Number(message, 1) == 1;
        return isString ? JsonValue.Create(Encoding.UTF8.GetString(Field(message, 3))) : JsonValue.Create(Number(message, 2));
    }

    /// <summary>Seconds since 1970 in 1, nanoseconds in 2; an empty message is no time.</summary>
    public static JsonNode? Time(ReadOnlySpan<byte> message, string format)
    {
        if (message.IsEmpty)
            return null;
        var seconds = Number(message, 1);
        if (seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            throw new ProtobufException("Time.MarshalJSON: year outside of range [0,9999]");
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(Number(message, 2) / 1000 % 1_000_000 * TicksPerMicrosecond);
        return JsonValue.Create(time.ToString(format, CultureInfo.InvariantCulture));
    }

    /// <summary>Nanoseconds in field 1.</summary>
    public static JsonNode Duration(ReadOnlySpan<byte> message) => JsonValue.Create(GoDuration.Format(Number(message, 1)));

    /// <summary>JSON bytes in field 1: a RawExtension, an arbitrary value, managed fields.</summary>
    public static JsonNode? Raw(ReadOnlySpan<byte> message, SchemaType type)
    {
        if (type.Definition.Contains("JSONSchemaPropsOr", StringComparison.Ordinal))
            throw new ProtobufException($"{type.GoType} is not read from protobuf yet: send JSON");
        var json = Field(message, 1);
        if (json.IsEmpty)
            return null;
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException malformed)
        {
            throw new ProtobufException($"json: {malformed.Message}");
        }
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> message, int wanted)
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

    private static long Number(ReadOnlySpan<byte> message, int wanted)
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
