using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <content>Values with a form of their own.</content>
internal ref partial struct Decoding
{
    private JsonValue? ReadInteger(SchemaType type)
    {
        if (_reader.TryGetInt64(out var number) && (type.Format != "int32" || number is >= int.MinValue and <= int.MaxValue))
            return JsonValue.Create(number);
        Mismatch(type.GoType, WrongNumber());
        return null;
    }

    private JsonValue? ReadBytes()
    {
        var text = Text();
        var error = GoBase64.TryDecode(text, out var bytes);
        if (error is null)
            return JsonValue.Create(Convert.ToBase64String(bytes));
        _typeError ??= error;
        return null;
    }

    private JsonNode? ReadQuantity()
    {
        // A quantity looks at the raw text, escapes and all, of a string or a number.
        string text;
        if (_reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False)
        {
            text = Encoding.UTF8.GetString(_reader.ValueSpan).Trim();
        }
        else
        {
            _reader.Skip();
            text = "{}";
        }
        return Quantity.TryParse(text, out var quantity) is { } error ? Fail(error) : JsonValue.Create(quantity.ToString());
    }

    private JsonNode? ReadIntOrString()
    {
        if (_reader.TokenType == JsonTokenType.String)
            return JsonValue.Create(Text());
        if (_reader.TokenType != JsonTokenType.Number)
            return Fail(Unmarshal(Describe(), "int32"));
        return _reader.TryGetInt32(out var number)
            ? JsonValue.Create((long)number)
            : Fail(Unmarshal(WrongNumber(), "int32"));
    }

    private JsonNode? ReadTime(SchemaKind kind)
    {
        if (_reader.TokenType != JsonTokenType.String)
            return Fail(Unmarshal(Describe(), "string"));
        var text = Text();
        if (kind == SchemaKind.Duration)
        {
            return GoDuration.TryParse(text, out long duration) is { } wrong
                ? Fail(wrong)
                : JsonValue.Create(GoDuration.Format(duration));
        }
        var micro = kind == SchemaKind.MicroTime;
        var error = micro ? GoTime.TryParseMicro(text, out var time) : GoTime.TryParse(text, out time);
        if (error is not null)
            return Fail(error);
        // The zero time stands for none, also behind a pointer: it would be written as null.
        return time.IsZero ? null : JsonValue.Create(micro ? time.ToMicroString() : time.ToString());
    }

    /// <summary>A value as its bytes, without blanks.</summary>
    private JsonNode? ReadRaw()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        var bytes = _json[start..(int)_reader.BytesConsumed];
        if (bytes.ContainsAny(" \t\r\n"u8))
        {
            var inner = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = GoJson.MaxDepth });
            return RawJson.ToNode(RawJson.BytesOf(JsonNode.Parse(ref inner)!));
        }
        return RawJson.ToNode(bytes.ToArray());
    }

    /// <summary>Any value, with its numbers to the letter. Nulls inside are kept, as they may mean something to whoever reads it.</summary>
    private JsonNode? ReadAny()
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var obj = new JsonObject();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = Text();
                    _reader.Read();
                    obj[name] = ReadAny();
                }
                return obj;
            case JsonTokenType.StartArray:
                var list = new JsonArray();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                    list.Add(ReadAny());
                return list;
            case JsonTokenType.String:
                return JsonValue.Create(Text());
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(_reader.TokenType == JsonTokenType.True);
            case JsonTokenType.Number:
                // What is no plain integer keeps its own text: 1.0 stays 1.0.
                return _reader.TryGetInt64(out var number) ? JsonValue.Create(number) : JsonValue.Create(JsonElement.ParseValue(ref _reader));
            default:
                return null;
        }
    }
}
