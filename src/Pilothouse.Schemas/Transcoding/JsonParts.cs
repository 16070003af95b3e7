using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>An index of a JSON text, made by one pass along its schema. The array is rented and kept for the next text.</summary>
internal sealed class JsonParts : IDisposable
{

    private JsonPart[] _parts = ArrayPool<JsonPart>.Shared.Rent(256);
    private int _count;

    public ref readonly JsonPart this[int index] => ref _parts[index];

    /// <summary>Indexes a text, and returns the part that is its root.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public int Read(ReadOnlySpan<byte> json, SchemaType type)
    {
        _count = 0;
        var reader = new Utf8JsonReader(json, JsonNodes.DeepReader);
        reader.Read();
        return ReadValue(ref reader, type, type);
    }

    public void Dispose()
    {
        if (_parts.Length > 0)
            ArrayPool<JsonPart>.Shared.Return(_parts);
        _parts = [];
    }

    /// <param name="reader">Stands on the value's first token, and then on its last.</param>
    /// <param name="type">The value's type.</param>
    /// <param name="owner">The struct that the value belongs to: a schema that stands in a schema is of this type.</param>
    private int ReadValue(ref Utf8JsonReader reader, SchemaType type, SchemaType owner)
    {
        var at = Add();
        switch (type.Kind, reader.TokenType)
        {
            case (SchemaKind.Struct, JsonTokenType.StartObject):
                Close(at, JsonTokenType.StartObject, ReadStruct(ref reader, type));
                break;
            case (SchemaKind.Map, JsonTokenType.StartObject):
                Close(at, JsonTokenType.StartObject, ReadMap(ref reader, type.Element!, owner));
                break;
            case (SchemaKind.List, JsonTokenType.StartArray):
                Close(at, JsonTokenType.StartArray, ReadList(ref reader, type.Element!, owner));
                break;
            case (SchemaKind.Any, JsonTokenType.StartObject) when ProtobufForms.IsSchemaOr(type):
                Close(at, JsonTokenType.StartObject, ReadStruct(ref reader, owner));
                break;
            case (SchemaKind.Any, JsonTokenType.StartArray) when ProtobufForms.IsSchemaOr(type):
                Close(at, JsonTokenType.StartArray, ReadList(ref reader, ProtobufForms.ElementOf(type, owner), owner));
                break;
            case (SchemaKind.Any or SchemaKind.Embedded, _) when !ProtobufForms.IsSchemaOr(type):
                ReadRaw(ref reader, at);
                break;
            case (_, JsonTokenType.StartObject or JsonTokenType.StartArray):
                reader.Skip();
                _parts[at].Kind = JsonTokenType.Null;
                break;
            default:
                ReadScalar(ref reader, at);
                break;
        }
        return at;
    }

    private int ReadStruct(ref Utf8JsonReader reader, SchemaType type)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var properties = type.Properties;
        var last = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = reader.ValueIsEscaped ? properties.IndexOf(reader.GetString()!) : properties.IndexOf(reader.ValueSpan);
            if (index < 0 || properties[index].ProtobufNumber.Length == 0)
            {
                reader.Skip();
                continue;
            }
            reader.Read();
            var part = ReadValue(ref reader, properties[index].Type, type);
            (_parts[part].Name, _parts[part].Previous) = (index, last);
            last = part;
        }
        return last;
    }

    private int ReadMap(ref Utf8JsonReader reader, SchemaType element, SchemaType owner)
    {
        var last = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, length, escaped) = ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped);
            reader.Read();
            var part = ReadValue(ref reader, element, owner);
            ref var entry = ref _parts[part];
            (entry.Name, entry.NameLength, entry.NameEscaped, entry.Previous) = (name, length, escaped, last);
            last = part;
        }
        return last;
    }

    private int ReadList(ref Utf8JsonReader reader, SchemaType element, SchemaType owner)
    {
        var last = -1;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var part = ReadValue(ref reader, element, owner);
            _parts[part].Previous = last;
            last = part;
        }
        return last;
    }

    private void ReadRaw(ref Utf8JsonReader reader, int at)
    {
        var (kind, start) = (reader.TokenType, (int)reader.TokenStartIndex);
        reader.Skip();
        ref var part = ref _parts[at];
        (part.Kind, part.Start, part.Length) = (kind, start, (int)reader.BytesConsumed - start);
    }

    private void ReadScalar(ref Utf8JsonReader reader, int at)
    {
        ref var part = ref _parts[at];
        part.Kind = reader.TokenType;
        part.Start = (int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0);
        part.Length = reader.ValueSpan.Length;
        part.Escaped = reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped;
    }

    private void Close(int at, JsonTokenType kind, int last) => (_parts[at].Kind, _parts[at].Last) = (kind, last);

    private int Add()
    {
        if (_count == _parts.Length)
        {
            var larger = ArrayPool<JsonPart>.Shared.Rent(_parts.Length * 2);
            _parts.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<JsonPart>.Shared.Return(_parts);
            _parts = larger;
        }
        _parts[_count] = new() { Previous = -1, Last = -1 };
        return _count++;
    }
}
