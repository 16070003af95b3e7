using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// One run of <see cref="SchemaDecoder"/>. Errors come as Go's decoder has them: the first wrong type is remembered and
/// reading goes on; a type that reads itself (times, quantities …) ends it at once with its own error.
/// </summary>
internal ref partial struct Decoding
{
    // As upstream: nobody reads more of them.
    private const int MostStrictErrors = 100;

    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;

    // Where we are: property names for Go's errors; names, keys and indexes for the strict ones.
    private readonly List<string> _fields = [];
    private readonly List<PathSegment> _path = [];
    private string _struct = "";

    private string? _typeError;
    private string? _fatal;
    private List<string>? _strict;

    // The struct whose property is being read, and whether what it does not know is dropped without a word.
    private SchemaType? _owner;
    private bool _isLenient;

    // Fields that were pruned, which strict decoding names behind all else, sorted.
    private List<string>? _pruned;

    public Decoding(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = GoJson.MaxDepth });
    }

    /// <exception cref="JsonException">It is no JSON.</exception>
    public Outcome<DecodedObject> Read(SchemaType type)
    {
        _reader.Read();
        var obj = new JsonObject();
        if (_reader.TokenType == JsonTokenType.StartObject && type.Structural is not null)
            ReadStructuralRoot(type, obj);
        else if (_reader.TokenType == JsonTokenType.StartObject)
            ReadStruct(type, obj);
        else if (_reader.TokenType != JsonTokenType.Null)
            Mismatch(type.GoType);
        // Whatever follows the value is an error of syntax, and that comes before all others.
        while (_reader.Read())
        {
        }
        return (_fatal ?? _typeError) is { } error
            ? Status.BadRequest(error)
            : new DecodedObject(obj, _strict ?? (IReadOnlyList<string>)[]);
    }

    /// <summary>A path's element: a name, or an index when the name is null.</summary>
    private readonly record struct PathSegment(string? Name, int Index);

    private void ReadStruct(SchemaType type, JsonObject into)
    {
        var properties = type.Properties;
        var outer = _struct;
        UInt128 seen = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var index = _reader.ValueIsEscaped
                ? properties.IndexOf(Text())
                : properties.IndexOf(_reader.ValueSpan);
            if (index < 0)
            {
                Strict("unknown field", Text());
                _reader.Read();
                _reader.Skip();
                continue;
            }
            var property = properties[index];
            var bit = UInt128.One << index;
            if ((seen & bit) != 0)
                Strict("duplicate field", property.Name);
            seen |= bit;

            _reader.Read();
            _struct = type.GoName;
            _owner = type;
            _fields.Add(property.Name);
            _path.Add(new(property.Name, 0));
            ReadProperty(property, into);
            if (_fatal is not null)
            {
                // The rest is read for its syntax only.
                while (_reader.Read())
                {
                }
                return;
            }
            _fields.RemoveAt(_fields.Count - 1);
            _path.RemoveAt(_path.Count - 1);
            _struct = outer;
        }
    }

    private void ReadProperty(SchemaProperty property, JsonObject into)
    {
        var type = property.Type;
        if (_reader.TokenType == JsonTokenType.Null)
        {
            // To a scalar or a struct, null says nothing; an earlier duplicate keeps its value.
            if (property.Pointer || type.Kind is not (SchemaKind.Struct or SchemaKind.String or SchemaKind.Integer
                or SchemaKind.Number or SchemaKind.Boolean))
            {
                into.Remove(property.Name);
            }
            return;
        }
        // A duplicate of a struct or a map adds to the first.
        if (_reader.TokenType == JsonTokenType.StartObject && type.Kind is SchemaKind.Struct or SchemaKind.Map)
        {
            var earlier = into.Object(property.Name);
            var obj = earlier ?? new JsonObject();
            if (type.Kind == SchemaKind.Struct)
                ReadStruct(type, obj);
            else
                ReadMap(type, obj);
            if (earlier is null && (obj.Count > 0 || property.Pointer || (type.Kind == SchemaKind.Map && property.Omit == Omission.Never)
                || AreLabelsOfTemplate(property)))
                into[property.Name] = obj;
            return;
        }
        var value = ReadValue(type);
        if (value is null)
            return;
        if (!property.Pointer && !property.IsManagedFields && IsZero(value, type, property.Omit))
            into.Remove(property.Name);
        else
            into[property.Name] = value;
    }

    /// <summary>
    /// Labels of a template that were given and are empty are kept until the object is written: validation tells them from
    /// labels that are not there.
    /// </summary>
    private readonly bool AreLabelsOfTemplate(SchemaProperty property) =>
        _fields.Count > 2 && property.Name == "labels" && _struct == "ObjectMeta";

    private static bool IsZero(JsonNode value, SchemaType type, Omission omit) => type.Kind switch
    {
        SchemaKind.String or SchemaKind.Time or SchemaKind.MicroTime => value.GetValue<string>().Length == 0,
        SchemaKind.Bytes => value.GetValue<string>().Length == 0 && omit != Omission.Never,
        SchemaKind.Integer => value.GetValue<long>() == 0,
        SchemaKind.Number => value.GetValue<double>() == 0,
        SchemaKind.Boolean => !value.GetValue<bool>(),
        SchemaKind.Quantity => value.GetValue<string>() == "0",
        SchemaKind.Duration => value.GetValue<string>() == "0s",
        SchemaKind.IntOrString => value.AsInteger() == 0,
        // Without omitempty an empty list is written, and no list is null.
        SchemaKind.List => value is JsonArray { Count: 0 } && omit != Omission.Never,
        SchemaKind.Map => value is JsonObject { Count: 0 } && omit != Omission.Never,
        SchemaKind.Struct => value is JsonObject { Count: 0 },
        _ => false,
    };

    private void ReadMap(SchemaType type, JsonObject into)
    {
        // Where a duplicate map adds to an earlier one, the earlier keys are no duplicates.
        var seen = into.Count > 0 ? new HashSet<string>() : null;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var key = Text();
            if (seen is null ? into.ContainsKey(key) : !seen.Add(key))
                Strict("duplicate field", key);
            _reader.Read();
            _path.Add(new(key, 0));
            var value = ReadElement(type.Element!);
            if (_fatal is not null)
                return;
            _path.RemoveAt(_path.Count - 1);
            if (value is not null)
                into[key] = value;
        }
    }

    private JsonArray ReadList(SchemaType type)
    {
        var list = new JsonArray();
        for (var i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++)
        {
            _path.Add(new(null, i));
            var value = ReadElement(type.Element!);
            if (_fatal is not null)
                return list;
            _path.RemoveAt(_path.Count - 1);
            list.Add(value ?? Zero(type.Element!));
        }
        return list;
    }

    /// <summary>An element of a list or a map, which is always kept; null only after an error.</summary>
    private JsonNode? ReadElement(SchemaType type) => _reader.TokenType == JsonTokenType.Null ? Zero(type) : ReadValue(type);

    private static JsonNode? Zero(SchemaType type) => type.Kind switch
    {
        SchemaKind.Struct or SchemaKind.Map => new JsonObject(),
        SchemaKind.List => new JsonArray(),
        SchemaKind.String or SchemaKind.Bytes => JsonValue.Create(""),
        SchemaKind.Integer or SchemaKind.IntOrString => JsonValue.Create(0L),
        SchemaKind.Number => JsonValue.Create(0d),
        SchemaKind.Boolean => JsonValue.Create(false),
        SchemaKind.Quantity => JsonValue.Create("0"),
        SchemaKind.Duration => JsonValue.Create("0s"),
        _ => null,
    };

    /// <summary>A value that is not JSON's null; null after an error.</summary>
    private JsonNode? ReadValue(SchemaType type)
    {
        var token = _reader.TokenType;
        switch (type.Kind)
        {
            case SchemaKind.Struct when token == JsonTokenType.StartObject:
                var obj = new JsonObject();
                ReadStruct(type, obj);
                return obj;
            case SchemaKind.Map when token == JsonTokenType.StartObject:
                var map = new JsonObject();
                ReadMap(type, map);
                return map;
            case SchemaKind.List when token == JsonTokenType.StartArray:
                return ReadList(type);
            case SchemaKind.String when token == JsonTokenType.String:
                return JsonValue.Create(Text());
            case SchemaKind.Boolean when token is JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(token == JsonTokenType.True);
            case SchemaKind.Integer when token == JsonTokenType.Number:
                return ReadInteger(type);
            case SchemaKind.Number when token == JsonTokenType.Number:
                if (_reader.TryGetDouble(out var number) && double.IsFinite(number))
                    return JsonValue.Create(number);
                Mismatch(type.GoType, WrongNumber());
                return null;
            case SchemaKind.Bytes when token == JsonTokenType.String:
                return ReadBytes();
            case SchemaKind.Quantity:
                return ReadQuantity();
            case SchemaKind.IntOrString:
                return ReadIntOrString();
            case SchemaKind.Time or SchemaKind.MicroTime or SchemaKind.Duration:
                return ReadTime(type.Kind);
            case SchemaKind.Any when type.IsFieldSet:
                return ReadRaw();
            case SchemaKind.Any when ProtobufForms.IsSchemaOr(type):
                return ReadSchemaOr(type);
            case SchemaKind.Any or SchemaKind.Embedded:
                return ReadAny();
            default:
                Mismatch(type.GoType);
                return null;
        }
    }

    private string Text() => !_reader.ValueIsEscaped && Utf8.IsValid(_reader.ValueSpan)
        ? Encoding.UTF8.GetString(_reader.ValueSpan)
        : GoJson.Unquote(_reader.ValueSpan);

    private readonly string WrongNumber() => "number " + Encoding.UTF8.GetString(_reader.ValueSpan);

    /// <summary>Remembers that the value is of the wrong type, unless an earlier one was, and skips it.</summary>
    private void Mismatch(string goType, string? value = null)
    {
        _typeError ??= Unmarshal(value ?? Describe(), goType);
        _reader.Skip();
    }

    /// <summary>Ends the decoding, as an error of a type that reads itself does.</summary>
    private JsonNode? Fail(string error)
    {
        _fatal = error;
        return null;
    }

    private readonly string Unmarshal(string value, string goType) => _fields.Count == 0
        ? $"json: cannot unmarshal {value} into Go value of type {goType}"
        : $"json: cannot unmarshal {value} into Go struct field {_struct}.{string.Join('.', _fields)} of type {goType}";

    private readonly string Describe() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        JsonTokenType.Number => "number",
        _ => "bool",
    };

    private void Strict(string what, string name)
    {
        if (_isLenient)
            return;
        _strict ??= [];
        if (_strict.Count >= MostStrictErrors)
            return;
        var error = $"{what} {GoText.Quote(PathTo(name))}";
        if (!_strict.Contains(error))
            _strict.Add(error);
    }

    /// <summary>Where the reader is, and a field there if there is one.</summary>
    private readonly string PathTo(string? name)
    {
        var path = new StringBuilder();
        foreach (var segment in _path)
        {
            if (segment.Name is null)
                path.Append('[').Append(segment.Index).Append(']');
            else
                (path.Length > 0 ? path.Append('.') : path).Append(segment.Name);
        }
        if (name is not null)
            (_path.Count > 0 ? path.Append('.') : path).Append(name);
        return path.ToString();
    }
}
