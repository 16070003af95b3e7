using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Writes a tree in normal form as the one canonical sequence of bytes: <c>kind</c> and <c>apiVersion</c> first, properties in
/// upstream's order, map keys sorted, fields omitted or written empty as Go does. Two equal objects give equal bytes, so
/// "did this update change anything" is a comparison of bytes. What the schema does not know is not written.
/// </summary>
public static class SchemaEncoder
{
    /// <summary>Appends the object's bytes to <paramref name="output"/>.</summary>
    /// <param name="tree">The object, in normal form.</param>
    /// <param name="type">Its schema.</param>
    /// <param name="output">Gets the bytes.</param>
    /// <param name="emptyIsNull">
    /// Lists and maps that are always shown are null when they are empty. So is every object that has been in the store: protobuf,
    /// in which the genuine server stores them, does not know an empty list from none.
    /// </param>
    public static void Encode(JsonObject tree, SchemaType type, IBufferWriter<byte> output, bool emptyIsNull = false)
    {
        using var writer = new Utf8JsonWriter(output, JsonBytes.Options);
        WriteStruct(tree, type, writer, emptyIsNull);
    }

    /// <summary>The object's bytes.</summary>
    /// <inheritdoc cref="Encode(JsonObject, SchemaType, IBufferWriter{byte}, bool)"/>
    public static byte[] Encode(JsonObject tree, SchemaType type, bool emptyIsNull = false) =>
        JsonBytes.Of((tree, type, emptyIsNull), static (writer, state) => WriteStruct(state.tree, state.type, writer, state.emptyIsNull));

    private static void WriteStruct(JsonObject? tree, SchemaType type, Utf8JsonWriter writer, bool emptyIsNull)
    {
        if (type.Structural is not null)
        {
            WriteStructural(tree, type, writer, emptyIsNull);
            return;
        }
        writer.WriteStartObject();
        WriteProperties(tree, type, writer, emptyIsNull);
        writer.WriteEndObject();
    }

    private static void WriteProperties(JsonObject? tree, SchemaType type, Utf8JsonWriter writer, bool emptyIsNull)
    {
        var properties = type.Properties;
        for (var i = 0; i < properties.Count; i++)
        {
            var property = properties[i];
            JsonNode? value = null;
            if (tree is not null && tree.TryGetPropertyValue(property.Name, out value) && value is not null
                && !(IsEmpty(property, value) && (emptyIsNull || property.Omit != Omission.Never)))
            {
                writer.WritePropertyName(property.EncodedName);
                WriteValue(value, property.Type, writer, emptyIsNull, type);
            }
            else if (WritesNothing(property))
            {
                writer.WritePropertyName(property.EncodedName);
                WriteNothing(property, writer);
            }
        }
    }

    /// <summary>An object of a custom resource: what every object has comes first, and the rest, of which all is kept, sorted.</summary>
    private static void WriteStructural(JsonObject? tree, SchemaType type, Utf8JsonWriter writer, bool emptyIsNull)
    {
        if (!type.IsStructuralRoot)
        {
            WriteSorted(tree, writer);
            return;
        }
        writer.WriteStartObject();
        for (var i = 0; i < StructuralTypes.RootFields; i++)
        {
            var property = type.Properties[i];
            if (tree is null || !tree.TryGetPropertyValue(property.Name, out var value) || value is null)
                continue;
            writer.WritePropertyName(property.EncodedName);
            WriteValue(value, property.Type, writer, emptyIsNull, type);
        }
        foreach (var (key, value) in Sorted(tree ?? []))
        {
            if (type.Properties.IndexOf(key) is >= 0 and < StructuralTypes.RootFields)
                continue;
            writer.WritePropertyName(key);
            WriteSorted(value, writer);
        }
        writer.WriteEndObject();
    }

    private static void WriteSorted(JsonNode? value, Utf8JsonWriter writer)
    {
        switch (value)
        {
            case JsonObject map:
                writer.WriteStartObject();
                foreach (var (key, inner) in Sorted(map))
                {
                    writer.WritePropertyName(key);
                    WriteSorted(inner, writer);
                }
                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var element in list)
                    WriteSorted(element, writer);
                writer.WriteEndArray();
                break;
            default:
                WriteAny(value, writer);
                break;
        }
    }

    /// <summary>The keys of a map by their UTF-8 bytes, as Go sorts.</summary>
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Sorted(JsonObject map) =>
        IsSorted(map) ? map : map.OrderBy(p => p.Key, ByteOrder.Comparer);

    /// <summary>A rule may have left an empty list or map behind where normal form has none.</summary>
    private static bool IsEmpty(SchemaProperty property, JsonNode value) =>
        !property.Pointer && value switch
        {
            JsonArray list => property.Type.Kind == SchemaKind.List && list.Count == 0,
            JsonObject map => property.Type.Kind == SchemaKind.Map && map.Count == 0,
            _ => false,
        };

    /// <summary>An empty list or map that is not written.</summary>
    internal static bool Omits(SchemaProperty property, JsonNode value) => property.Omit != Omission.Never && IsEmpty(property, value);

    // Go never takes a struct for empty.
    private static bool IsGoStruct(SchemaType type) => type.Kind is SchemaKind.Struct or SchemaKind.Time or SchemaKind.MicroTime
        or SchemaKind.Duration or SchemaKind.Quantity or SchemaKind.IntOrString or SchemaKind.Embedded;

    /// <summary>Whether a property is written although there is nothing in it.</summary>
    internal static bool WritesNothing(SchemaProperty property) =>
        property.Omit == Omission.Never || (property.Omit == Omission.Empty && !property.Pointer && IsGoStruct(property.Type));

    /// <summary>Writes what a property shows that has nothing in it.</summary>
    internal static void WriteNothing(SchemaProperty property, Utf8JsonWriter writer)
    {
        if (property.Pointer)
            writer.WriteNullValue();
        else
            WriteZero(property.Type, writer);
    }

    /// <summary>Writes a type's zero value.</summary>
    internal static void WriteZero(SchemaType type, Utf8JsonWriter writer)
    {
        switch (type.Kind)
        {
            case SchemaKind.Struct:
                WriteStruct(null, type, writer, emptyIsNull: false);
                break;
            case SchemaKind.String:
                writer.WriteStringValue(""u8);
                break;
            case SchemaKind.Integer or SchemaKind.Number or SchemaKind.IntOrString:
                writer.WriteNumberValue(0);
                break;
            case SchemaKind.Boolean:
                writer.WriteBooleanValue(false);
                break;
            case SchemaKind.Quantity:
                writer.WriteStringValue("0"u8);
                break;
            case SchemaKind.Duration:
                writer.WriteStringValue("0s"u8);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">Its type.</param>
    /// <param name="writer">Gets the bytes.</param>
    /// <param name="emptyIsNull">What is empty and always shown is null.</param>
    /// <param name="owner">The struct whose property it is, or is in.</param>
    private static void WriteValue(JsonNode? value, SchemaType type, Utf8JsonWriter writer, bool emptyIsNull, SchemaType owner)
    {
        switch (type.Kind)
        {
            case var _ when type.Structural is not null:
                WriteSorted(value, writer);
                break;
            case SchemaKind.Struct:
                WriteStruct(value as JsonObject, type, writer, emptyIsNull);
                break;
            case SchemaKind.Map when value is JsonObject map:
                WriteMap(map, type.Element!, writer, emptyIsNull, owner);
                break;
            case SchemaKind.List when value is JsonArray list:
                writer.WriteStartArray();
                foreach (var element in list)
                    WriteValue(element, type.Element!, writer, emptyIsNull, owner);
                writer.WriteEndArray();
                break;
            case SchemaKind.Any when value is JsonObject schema && ProtobufForms.IsSchemaOr(type):
                WriteStruct(schema, owner, writer, emptyIsNull);
                break;
            case SchemaKind.Any when value is JsonArray schemas && ProtobufForms.IsSchemaOr(type):
                writer.WriteStartArray();
                foreach (var each in schemas)
                    WriteValue(each, ProtobufForms.ElementOf(type, owner), writer, emptyIsNull, owner);
                writer.WriteEndArray();
                break;
            default:
                WriteAny(value, writer);
                break;
        }
    }

    private static void WriteMap(JsonObject map, SchemaType element, Utf8JsonWriter writer, bool emptyIsNull, SchemaType owner)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in Sorted(map))
        {
            writer.WritePropertyName(key);
            WriteValue(value, element, writer, emptyIsNull, owner);
        }
        writer.WriteEndObject();
    }

    private static void WriteAny(JsonNode? value, Utf8JsonWriter writer)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonValue scalar when scalar.TryGetValue<string>(out var text):
                writer.WriteStringValue(text);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static bool IsSorted(JsonObject map)
    {
        for (var i = 1; i < map.Count; i++)
        {
            if (ByteOrder.Compare(map.GetAt(i - 1).Key, map.GetAt(i).Key) > 0)
                return false;
        }
        return true;
    }
}
