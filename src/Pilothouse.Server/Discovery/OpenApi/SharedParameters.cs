using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>
/// The parameters of an OpenAPI 2 document, each written once and referred to by a name that ends in a hash of its content:
/// most operations share a dozen of them, with long descriptions.
/// </summary>
internal sealed class SharedParameters
{
    private readonly Dictionary<ApiParameter, string> _names = [];
    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> _contents = new(StringComparer.Ordinal);

    /// <summary>Writes a reference, and keeps the parameter for <see cref="WriteTo"/>.</summary>
    public void WriteReference(Utf8JsonWriter json, ApiParameter parameter)
    {
        if (!_names.TryGetValue(parameter, out var name))
        {
            var content = Content(parameter);
            var hash = SHA256.HashData(content.Span).AsSpan(0, 6);
            name = $"{parameter.Name}-{Convert.ToBase64String(hash).Replace('+', '-').Replace('/', '_')}";
            _names.Add(parameter, name);
            _contents[name] = content;
        }
        json.WriteStartObject();
        json.WriteString("$ref"u8, "#/parameters/" + name);
        json.WriteEndObject();
    }

    /// <summary>Writes every parameter that was referred to, as properties of the current object.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        foreach (var (name, content) in _contents)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(content.Span);
        }
    }

    private static ReadOnlyMemory<byte> Content(ApiParameter parameter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, JsonAnswers.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteBoolean("uniqueItems"u8, true);
            json.WriteString("type"u8, parameter.Type);
            if (parameter.Description is not null)
                json.WriteString("description"u8, parameter.Description);
            json.WriteString("name"u8, parameter.Name);
            json.WriteString("in"u8, parameter.In);
            if (parameter.In == "path")
                json.WriteBoolean("required"u8, true);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
