using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Cel;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// A schema of a custom resource as a type of CEL, and how large its values may be (k8s.io/apiserver/pkg/cel/common,
/// SchemaDeclType). What a schema does not say, an expression cannot see.
/// </summary>
public sealed class SchemaDeclaration
{
    /// <summary>The largest request that is taken; what has no limit of its own is limited by it.</summary>
    public const long MaxRequestBytes = 3 * 1024 * 1024;

    private const string Root = "selfType";
    private const int LongestTime = 32;
    private const int Date = 12;

    // An unlimited code point is up to four bytes.
    private const int BytesPerCharacter = 4;

    private static readonly SchemaDeclaration Bool = new(CelType.Bool, 0, 4);
    private static readonly SchemaDeclaration Number = new(CelType.Double, 0, 1);
    private static readonly SchemaDeclaration Integer = new(CelType.Int, 0, 1);
    private static readonly SchemaDeclaration AnyText = new(CelType.String, MaxRequestBytes - 2, 2);

    private SchemaDeclaration(CelType type, long mostElements, long minSize) => (Type, MostElements, MinSize) = (type, mostElements, minSize);

    /// <summary>The type of <c>self</c>.</summary>
    public CelType Type { get; }

    /// <summary>How many elements a list or map may have, or bytes a text; 0 for others.</summary>
    public long MostElements { get; }

    /// <summary>The fewest bytes that a value takes as JSON.</summary>
    public long MinSize { get; }

    /// <summary>Of the elements of a list or the values of a map.</summary>
    public SchemaDeclaration? Element { get; private init; }

    /// <summary>Of the keys of a map.</summary>
    public SchemaDeclaration? Key { get; private init; }

    private Dictionary<string, SchemaDeclaration> Fields { get; init; } = [];

    /// <summary>Declares a schema.</summary>
    /// <param name="schema">The schema (JSONSchemaProps), structural.</param>
    /// <param name="isWhole">It is of whole objects, with kind, apiVersion and metadata, whether it names them or not.</param>
    /// <returns>Null for what expressions cannot see: nobody said its type.</returns>
    public static SchemaDeclaration? Of(JsonObject schema, bool isWhole) => Of(schema, isWhole, new TypeNames(), Root);

    /// <summary>The declaration of a property, by its name in JSON; null when expressions cannot see it.</summary>
    public SchemaDeclaration? Field(string property) =>
        CelNames.Escape(property) is { } name ? Fields.GetValueOrDefault(name) : null;

    /// <summary>The declaration of a field, by its name in CEL.</summary>
    internal bool TryGetField(string name, [NotNullWhen(true)] out SchemaDeclaration? field) => Fields.TryGetValue(name, out field);

    private static SchemaDeclaration? Of(JsonObject schema, bool isWhole, TypeNames names, string name)
    {
        if (schema.Is(SchemaNodes.IntOrString))
            return new(CelType.Dyn, LongestText(schema) ?? MaxRequestBytes - 2, 1);
        switch (schema.Word("type"))
        {
            case "array":
                return schema.Object("items") is { } items && Of(items, items.Is(SchemaNodes.EmbeddedResource), names, names.Inner(name, "@idx")) is { } element
                    ? new(CelType.List(element.Type), Limit(schema, "maxItems") ?? (MaxRequestBytes - 2) / (element.MinSize + 1), 2) { Element = element }
                    : null;
            case "object" when schema.Object("additionalProperties") is { } others:
                return OfMap(schema, others, names, name);
            case "object":
                return OfObject(schema, isWhole, names, name);
            case "string":
                return OfText(schema);
            case "boolean":
                return Bool;
            case "number":
                return Number;
            case "integer":
                return Integer;
            default:
                return null;
        }
    }

    private static SchemaDeclaration? OfMap(JsonObject schema, JsonObject others, TypeNames names, string name)
    {
        if (Of(others, others.Is(SchemaNodes.EmbeddedResource), names, names.Inner(name, "@elem")) is not { } value)
            return null;
        // A key of two characters, its quotes, a colon and a comma.
        var most = Limit(schema, "maxProperties") ?? (MaxRequestBytes - 2) / (value.MinSize + 6);
        return new(CelType.Map(CelType.String, value.Type), most, 2) { Key = new(CelType.String, 0, 2), Element = value };
    }

    private static SchemaDeclaration OfObject(JsonObject schema, bool isWhole, TypeNames names, string name)
    {
        var fields = new Dictionary<string, SchemaDeclaration>();
        var properties = new Dictionary<string, string>();
        var required = (schema.List("required") ?? []).Select(r => r.AsText()).ToHashSet();
        var minSize = 2L;
        void Add(string property, SchemaDeclaration? field, bool hasDefault)
        {
            if (field is null)
                return;
            if (CelNames.Escape(property) is { } escaped)
            {
                fields[escaped] = field;
                properties[escaped] = property;
            }
            // Defaults are filled in, and need not be sent.
            if (!hasDefault && required.Contains(property))
                minSize += Encoding.UTF8.GetByteCount(property) + field.MinSize + 4;
        }

        var addsMeta = isWhole && !NamesMeta(schema);
        foreach (var (property, inner) in schema.Named("properties"))
        {
            if (!addsMeta || property is not ("kind" or "apiVersion" or "metadata"))
                Add(property, Of(inner, inner.Is(SchemaNodes.EmbeddedResource), names, names.Inner(name, CelNames.Escape(property) ?? "@")), inner.Has("default"));
        }
        if (addsMeta)
        {
            Add("kind", AnyText, false);
            Add("apiVersion", AnyText, false);
            Add("metadata", Meta(names.Inner(name, "metadata")), false);
        }
        return new(new ObjectType(name, fields, properties), 0, minSize) { Fields = fields };
    }

    private static SchemaDeclaration Meta(string name)
    {
        Dictionary<string, SchemaDeclaration> fields = new() { ["name"] = AnyText, ["generateName"] = AnyText };
        return new(new ObjectType(name, fields, fields.Keys.ToDictionary(f => f)), 0, 2) { Fields = fields };
    }

    private static bool NamesMeta(JsonObject schema)
    {
        var metadata = schema.Property("metadata");
        return schema.Property("kind").Word("type") == "string" && schema.Property("apiVersion").Word("type") == "string"
            && metadata.Word("type") == "object" && metadata.Property("name").Word("type") == "string"
            && metadata.Property("generateName").Word("type") == "string";
    }

    private static SchemaDeclaration OfText(JsonObject schema)
    {
        switch (schema.Word("format"))
        {
            case "byte":
                return new(CelType.Bytes, Limit(schema, "maxLength") ?? MaxRequestBytes - 2, 2);
            case "duration":
                return new(CelType.Duration, LongestTime, 3);
            case "date":
                return new(CelType.Timestamp, Date, Date);
            case "date-time":
                return new(CelType.Timestamp, LongestTime, 21);
        }
        if (LongestText(schema) is { } longest)
            return new(CelType.String, longest, 2);
        return schema.List("enum") is { Count: > 0 } values
            ? new(CelType.String, values.Max(v => v.AsText() is { } text ? Encoding.UTF8.GetByteCount(text) : 0), 2)
            : AnyText;
    }

    private static long? LongestText(JsonObject schema) =>
        Limit(schema, "maxLength") is { } limit ? (limit > long.MaxValue / BytesPerCharacter ? long.MaxValue : limit * BytesPerCharacter) : null;

    private static long? Limit(JsonObject schema, string name) => schema.Integer(name) is { } limit ? Math.Max(0, limit) : null;

    /// <summary>Gives types the names of their places; deep down, where these would be long, numbers.</summary>
    private sealed class TypeNames
    {
        private const int Longest = 256;

        private int _deep;

        public string Inner(string outer, string step) =>
            outer.Length + step.Length < Longest ? $"{outer}.{step}" : $"{Root}.@{++_deep}";
    }

    /// <summary>An object with the fields that its schema names. Types are the same when their names are: each has its own.</summary>
    private sealed class ObjectType(
        string name, IReadOnlyDictionary<string, SchemaDeclaration> fields, IReadOnlyDictionary<string, string> properties) : CelStructType(name)
    {
        public override bool TryGetField(string name, [NotNullWhen(true)] out CelType? type)
        {
            type = fields.TryGetValue(name, out var field) || (CelNames.IsReserved(name) && fields.TryGetValue($"__{name}__", out field)) ? field.Type : null;
            return type is not null;
        }

        public override string PropertyOf(string field) => properties.GetValueOrDefault(field, field);

        public override string? FieldOf(string property) => CelNames.Escape(property) is { } field && fields.ContainsKey(field) ? field : null;
    }
}
