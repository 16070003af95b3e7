using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <content>
/// The places in a schema (JSONSchemaProps) where a schema or something simpler may stand. Their Go types read themselves: what they do
/// not know they drop without a word, and their first error ends the decoding.
/// </content>
internal ref partial struct Decoding
{
    private JsonNode? ReadSchemaOr(SchemaType type)
    {
        var (outer, owner, earlier) = (_isLenient, _owner!, _typeError);
        _isLenient = true;
        _typeError = null;
        JsonNode? value = null;
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var schema = new JsonObject();
                ReadStruct(owner, schema);
                value = schema;
                break;
            case JsonTokenType.StartArray when !ProtobufForms.IsSchemaOrBool(type):
                value = ReadList(new() { Kind = SchemaKind.List, GoType = "", Element = ProtobufForms.ElementOf(type, owner) });
                break;
            case JsonTokenType.True or JsonTokenType.False when ProtobufForms.IsSchemaOrBool(type):
                value = JsonValue.Create(_reader.TokenType == JsonTokenType.True);
                break;
            case not JsonTokenType.Null when ProtobufForms.IsSchemaOrBool(type):
                Fail("boolean or JSON schema expected");
                break;
            default:
                _reader.Skip();
                break;
        }
        (_isLenient, _owner) = (outer, owner);
        _fatal ??= _typeError;
        _typeError = earlier;
        return _fatal is null ? value : null;
    }
}
