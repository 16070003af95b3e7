using System.Text;
using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>Writes schema types as the definitions of an OpenAPI document.</summary>
/// <param name="descriptions">What they mean.</param>
/// <param name="v3">
/// OpenAPI 3: defaults are published, a reference with siblings is wrapped in <c>allOf</c>, and unions of scalars are
/// <c>oneOf</c>. OpenAPI 2 has none of these.
/// </param>
internal sealed class DefinitionWriter(ApiDescriptions descriptions, bool v3)
{
    private const string AnyJson = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON";

    /// <summary>Where definitions are in the document.</summary>
    public string ReferencePrefix { get; } = v3 ? "#/components/schemas/" : "#/definitions/";

    /// <summary>All definitions that the roots lead to, by name.</summary>
    public static SortedDictionary<string, SchemaType> Reachable(IEnumerable<string> roots, SchemaLibrary types)
    {
        var reached = new SortedDictionary<string, SchemaType>(StringComparer.Ordinal);
        var open = new Stack<SchemaType>();
        foreach (var root in roots)
        {
            if (types.TryGet(root, out var type))
                open.Push(type);
        }
        while (open.TryPop(out var type))
        {
            if (IsReference(type) && !reached.TryAdd(type.Definition, type))
                continue;
            if (type.Element is { } element)
                open.Push(element);
            foreach (var property in type.Properties)
                open.Push(property.Type);
        }
        return reached;
    }

    public void WriteDefinition(Utf8JsonWriter json, SchemaType type)
    {
        json.WriteStartObject();
        WriteDescription(json, descriptions.Of(type.Definition), []);
        switch (type.Kind)
        {
            case SchemaKind.Struct:
                WriteStruct(json, type);
                break;
            case SchemaKind.Any or SchemaKind.Embedded when type.Definition.StartsWith(AnyJson, StringComparison.Ordinal):
                break; // Any JSON at all: no type.
            case SchemaKind.Any or SchemaKind.Embedded:
                json.WriteString("type"u8, "object"u8);
                break;
            default:
                WriteForm(json, type);
                break;
        }
        if (type.MapType.Length > 0)
            json.WriteString("x-kubernetes-map-type"u8, type.MapType);
        WriteKinds(json, type);
        WriteUnions(json, type);
        json.WriteEndObject();
    }

    public void WriteReference(Utf8JsonWriter json, string definition)
    {
        json.WriteStartObject();
        json.WriteString("$ref"u8, ReferencePrefix + definition);
        json.WriteEndObject();
    }

    private void WriteStruct(Utf8JsonWriter json, SchemaType type)
    {
        json.WriteString("type"u8, "object"u8);
        if (type.Properties.Any(p => p.Required))
        {
            json.WriteStartArray("required"u8);
            foreach (var property in type.Properties.Where(p => p.Required))
                json.WriteStringValue(property.Name);
            json.WriteEndArray();
        }
        if (type.Properties.Count == 0)
            return;
        json.WriteStartObject("properties"u8);
        foreach (var property in type.Properties.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            json.WritePropertyName(property.Name);
            WriteProperty(json, property, descriptions.Of(type.Definition, property.Name));
        }
        json.WriteEndObject();
    }

    private void WriteProperty(Utf8JsonWriter json, SchemaProperty property, string? description)
    {
        var type = property.Type;
        json.WriteStartObject();
        WriteDescription(json, description, type.Enum);
        var hasDefault = v3 && property.Default is not null;
        if (IsReference(type))
        {
            if (v3 && (hasDefault || description is not null || HasExtensions(property)))
            {
                json.WriteStartArray("allOf"u8);
                WriteReference(json, type.Definition);
                json.WriteEndArray();
            }
            else
            {
                json.WriteString("$ref"u8, ReferencePrefix + type.Definition);
            }
        }
        else
        {
            WriteForm(json, type);
        }
        if (hasDefault)
        {
            json.WritePropertyName("default"u8);
            json.WriteRawValue(property.Default!);
        }
        WriteExtensions(json, property);
        json.WriteEndObject();
    }

    /// <summary>Type, format and elements of what has no definition of its own.</summary>
    private void WriteForm(Utf8JsonWriter json, SchemaType type)
    {
        switch (type.Kind)
        {
            case SchemaKind.List:
                json.WriteString("type"u8, "array"u8);
                json.WritePropertyName("items"u8);
                WriteElement(json, type.Element!);
                break;
            case SchemaKind.Map:
                json.WriteString("type"u8, "object"u8);
                json.WritePropertyName("additionalProperties"u8);
                WriteElement(json, type.Element!);
                break;
            case SchemaKind.Struct or SchemaKind.Embedded:
                json.WriteString("type"u8, "object"u8);
                break;
            case SchemaKind.Integer:
                WriteScalar(json, "integer"u8, type.Format);
                break;
            case SchemaKind.Number:
                WriteScalar(json, "number"u8, type.Format);
                break;
            case SchemaKind.Boolean:
                WriteScalar(json, "boolean"u8, "");
                break;
            case SchemaKind.Bytes:
                WriteScalar(json, "string"u8, "byte");
                break;
            case SchemaKind.Time or SchemaKind.MicroTime:
                WriteScalar(json, "string"u8, "date-time");
                break;
            case SchemaKind.IntOrString when v3:
                json.WriteString("format"u8, "int-or-string"u8);
                WriteOneOf(json, "integer"u8, "string"u8);
                break;
            case SchemaKind.IntOrString:
                WriteScalar(json, "string"u8, "int-or-string");
                break;
            case SchemaKind.Quantity when v3:
                WriteOneOf(json, "string"u8, "number"u8);
                break;
            case SchemaKind.Any:
                break;
            default:
                WriteScalar(json, "string"u8, type.Format);
                break;
        }
        DiscoveryDocuments.WriteListIfAny(json, "enum"u8, type.Enum);
    }

    private void WriteElement(Utf8JsonWriter json, SchemaType type)
    {
        if (IsReference(type))
        {
            WriteReference(json, type.Definition);
            return;
        }
        json.WriteStartObject();
        WriteForm(json, type);
        json.WriteEndObject();
    }

    private static void WriteScalar(Utf8JsonWriter json, ReadOnlySpan<byte> type, string format)
    {
        json.WriteString("type"u8, type);
        if (format.Length > 0)
            json.WriteString("format"u8, format);
    }

    private static void WriteOneOf(Utf8JsonWriter json, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        json.WriteStartArray("oneOf"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, first);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("type"u8, second);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteDescription(Utf8JsonWriter json, string? description, IReadOnlyList<string> allowed)
    {
        if (allowed.Count > 0)
        {
            var text = new StringBuilder(description);
            text.Append(text.Length > 0 ? "\n\n" : "").Append("Possible enum values:");
            foreach (var value in allowed)
                text.Append("\n - `\"").Append(value).Append("\"`");
            description = text.ToString();
        }
        if (!string.IsNullOrEmpty(description))
            json.WriteString("description"u8, description);
    }

    private static bool HasExtensions(SchemaProperty property) =>
        property.ListType.Length > 0 || property.MapType.Length > 0 || property.PatchStrategy.Length > 0;

    private static void WriteExtensions(Utf8JsonWriter json, SchemaProperty property)
    {
        DiscoveryDocuments.WriteListIfAny(json, "x-kubernetes-list-map-keys"u8, property.ListMapKeys);
        WriteIfAny(json, "x-kubernetes-list-type"u8, property.ListType);
        WriteIfAny(json, "x-kubernetes-map-type"u8, property.MapType);
        WriteIfAny(json, "x-kubernetes-patch-merge-key"u8, property.PatchMergeKey);
        WriteIfAny(json, "x-kubernetes-patch-strategy"u8, property.PatchStrategy);
    }

    private static void WriteIfAny(Utf8JsonWriter json, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0)
            json.WriteString(name, value);
    }

    private static void WriteKinds(Utf8JsonWriter json, SchemaType type)
    {
        if (type.Kinds.Count == 0)
            return;
        json.WriteStartArray("x-kubernetes-group-version-kind"u8);
        foreach (var kind in type.Kinds)
        {
            json.WriteStartObject();
            json.WriteString("group"u8, kind.Group);
            json.WriteString("kind"u8, kind.Kind);
            json.WriteString("version"u8, kind.Version);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteUnions(Utf8JsonWriter json, SchemaType type)
    {
        if (type.Unions.Count == 0)
            return;
        json.WriteStartArray("x-kubernetes-unions"u8);
        foreach (var union in type.Unions)
            json.WriteRawValue(union);
        json.WriteEndArray();
    }

    /// <summary>A type that is published under a name is referred to; all others are written in place.</summary>
    private static bool IsReference(SchemaType type) => type.Definition.Length > 0 && !type.Unpublished;
}
