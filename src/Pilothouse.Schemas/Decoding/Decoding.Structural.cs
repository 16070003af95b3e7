using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <content>
/// Objects of custom resources: fields that the definition does not name are pruned, nulls that it does not allow are dropped, and
/// everything else is kept as it was sent, whatever its form.
/// </content>
internal ref partial struct Decoding
{
    private static readonly SchemaType s_anything = StructuralTypes.Anything;

    /// <summary>Reads a whole object. Kind and apiVersion that are no strings end it, as does metadata of a wrong form.</summary>
    private void ReadStructuralRoot(SchemaType type, JsonObject into)
    {
        ReadStructuralObject(type, keeps: false, into);
        if (_pruned is null)
            return;
        _pruned.Sort(ByteOrder.Comparer);
        foreach (var error in _pruned)
        {
            _strict ??= [];
            if (_strict.Count < MostStrictErrors && !_strict.Contains(error))
                _strict.Add(error);
        }
    }

    /// <summary>A value that is not JSON's null.</summary>
    /// <param name="type">What is known of it.</param>
    /// <param name="keeps">Fields that are not known are kept here: an outer list says so.</param>
    private JsonNode? ReadStructural(SchemaType type, bool keeps)
    {
        if (type.Structural is null)
            return ReadEmbeddedMetadata(type);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var obj = new JsonObject();
                ReadStructuralObject(type, keeps, obj);
                return obj;
            case JsonTokenType.StartArray:
                return ReadStructuralList(type, keeps);
            case JsonTokenType.String:
                return JsonValue.Create(Text());
            case JsonTokenType.Number:
                if (StructuralNumbers.Read(ref _reader) is { } number)
                    return number;
                _typeError ??= $"json: cannot unmarshal {WrongNumber()} into Go value of type float64";
                return JsonValue.Create(0L);
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(_reader.TokenType == JsonTokenType.True);
            default:
                return null;
        }
    }

    private void ReadStructuralObject(SchemaType type, bool keeps, JsonObject into)
    {
        keeps |= type.Structural!.PreservesUnknownFields;
        var hasFields = type.Kind is SchemaKind.Struct or SchemaKind.Map;
        var others = !hasFields ? (keeps ? s_anything : null) : type.Element ?? (keeps ? s_anything : null);
        HashSet<string>? dropped = null;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Text();
            if (into.ContainsKey(name) || dropped?.Contains(name) == true)
                Strict("duplicate field", name);
            SchemaType? field = null;
            if (hasFields && type.Properties.TryGet(name, out var property))
                field = property.Type;
            field ??= others;
            if (field is null)
            {
                Prune(name);
                (dropped ??= []).Add(name);
                _reader.Read();
                SkipTrackingDuplicates();
                continue;
            }
            _reader.Read();
            if (_reader.TokenType == JsonTokenType.Null)
            {
                if (field.Structural is { Nullable: false, Default: null } or null)
                {
                    into.Remove(name);
                    (dropped ??= []).Add(name);
                }
                else
                {
                    into[name] = null;
                }
                continue;
            }
            if (type.IsStructuralRoot && field.Structural is null)
            {
                ReadRootField(name, field, into);
                if (_fatal is not null)
                    return;
                continue;
            }
            _path.Add(new(name, 0));
            var value = ReadStructural(field, keeps: false);
            if (_fatal is not null)
                return;
            _path.RemoveAt(_path.Count - 1);
            into[name] = value;
        }
    }

    private JsonArray ReadStructuralList(SchemaType type, bool keeps)
    {
        keeps |= type.Structural!.PreservesUnknownFields;
        var element = type.Kind == SchemaKind.List ? type.Element! : keeps ? s_anything : StructuralTypes.Nothing;
        var list = new JsonArray();
        for (var i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++)
        {
            _path.Add(new(null, i));
            list.Add(_reader.TokenType == JsonTokenType.Null ? null : ReadStructural(element, keeps));
            if (_fatal is not null)
                return list;
            _path.RemoveAt(_path.Count - 1);
        }
        return list;
    }

    /// <summary>kind, apiVersion and metadata of the object itself, which have Go types.</summary>
    private void ReadRootField(string name, SchemaType type, JsonObject into)
    {
        if (type.Kind == SchemaKind.Struct)
        {
            _path.Add(new(name, 0));
            if (_reader.TokenType == JsonTokenType.StartObject)
            {
                var metadata = new JsonObject();
                ReadStruct(type, metadata);
                if (_fatal is not null)
                    return;
                into[name] = metadata;
            }
            else
            {
                Mismatch("v1.ObjectMeta");
            }
            _path.RemoveAt(_path.Count - 1);
        }
        else if (_reader.TokenType == JsonTokenType.String)
        {
            into[name] = JsonValue.Create(Text());
        }
        else
        {
            var value = ReadStructural(s_anything, keeps: true);
            _typeError ??= $".{name} accessor error: {GoValue.Print(value)} is of the type {GoValue.TypeOf(value)}, expected string";
        }
    }

    /// <summary>The metadata of an object within the object. What is wrong with it is an error of its field.</summary>
    private JsonObject? ReadEmbeddedMetadata(SchemaType type)
    {
        if (_typeError is not null || _reader.TokenType != JsonTokenType.StartObject)
        {
            if (_typeError is null)
                _typeError = $"{PathText()}: Invalid value: {Unmarshal(Describe(), "v1.ObjectMeta")}";
            _reader.Skip();
            return null;
        }
        var metadata = new JsonObject();
        ReadStruct(type, metadata);
        if ((_fatal ?? _typeError) is { } error)
            (_fatal, _typeError) = (null, $"{PathText()}: Invalid value: {GoValue.Marshal(metadata)}: {error}");
        return metadata;
    }

    private void Prune(string name)
    {
        // apiVersion, kind and metadata of the object are known without a schema, and everything that it could say of them too.
        _pruned ??= [];
        if (_pruned.Count < MostStrictErrors)
            _pruned.Add($"unknown field {GoText.Quote(PathTo(name))}");
    }

    /// <summary>Passes over a value that is not kept; what stands in it twice is told all the same.</summary>
    private void SkipTrackingDuplicates()
    {
        if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            ReadStructural(s_anything, keeps: true);
        else
            _reader.Skip();
    }

    private readonly string PathText() => PathTo(null);

    /// <summary>Reads one value by its type, without telling what was pruned.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public JsonNode? ReadAs(SchemaType type)
    {
        _reader.Read();
        return _reader.TokenType == JsonTokenType.Null ? null : ReadStructural(type, keeps: false);
    }
}
