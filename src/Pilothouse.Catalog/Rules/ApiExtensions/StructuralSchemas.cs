using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Whether a schema is structural: of every value it says the type outside of <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c> and
/// <c>not</c>, which restrict values and add none.
/// </summary>
internal static class StructuralSchemas
{
    /// <summary>Whoever has so many errors to mend needs no more of them; their paths may be long.</summary>
    internal const int MostErrors = 1000;

    private enum Level
    {
        Root,
        Item,
        Field,
    }

    /// <summary>What keeps a schema from being read as a structural one at all; null when nothing does.</summary>
    public static string? FaultOf(JsonObject schema)
    {
        if (Unsupported(schema) is { } unsupported)
            return $"OpenAPIV3Schema '{unsupported}' is not supported";
        foreach (var name in (ReadOnlySpan<string>)["not", "allOf", "anyOf", "oneOf"])
        {
            foreach (var inner in name == "not" ? One(schema.Object(name)) : schema.Objects(name))
            {
                if (FaultOf(inner) is { } fault)
                    return fault;
            }
        }
        if (schema.Flag(SchemaNodes.PreserveUnknownFields) == false)
            return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
        if (schema.List("items") is { Count: > 0 })
            return "OpenAPIV3Schema 'items' must be a schema, but is an array";
        foreach (var inner in One(schema.Object("items")).Concat(schema.Named("properties").Select(p => p.Schema)).Concat(One(schema.Object("additionalProperties"))))
        {
            if (FaultOf(inner) is { } fault)
                return fault;
        }
        return null;
    }

    /// <summary>Everything that makes a schema not structural, in the order of the texts.</summary>
    public static List<FieldError> Validate(JsonObject schema, FieldPath path)
    {
        var errors = new FieldErrors();
        CheckInvariants(schema, Level.Root, path, errors);
        CheckCompleteness(schema, schema, path, path, errors);
        return [.. errors.All.OrderBy(e => e.ToString(), StringComparer.Ordinal)];
    }

    private static string? Unsupported(JsonObject schema) =>
        schema.Word("id").Length > 0 ? "id"
        : schema.Word("$schema").Length > 0 ? "schema"
        : schema.Word("$ref").Length > 0 ? "$ref"
        : schema.HasAny("patternProperties") ? "patternProperties"
        : schema.HasAny("dependencies") ? "dependencies"
        : schema.Has("additionalItems") ? "additionalItems"
        : schema.HasAny("definitions") ? "definitions"
        : null;

    private static JsonObject[] One(JsonObject? schema) => schema is null ? [] : [schema];

    private static void CheckInvariants(JsonObject schema, Level level, FieldPath path, FieldErrors errors)
    {
        if (errors.All.Count >= MostErrors)
            return;
        var type = schema.Word("type");
        var items = schema.Object("items");
        if (type == "array" && items is null)
            errors.Required(path.Child("items"), "must be specified");
        if (items is not null)
            CheckInvariants(items, Level.Item, path.Child("items"), errors);
        foreach (var (name, property) in schema.Named("properties"))
            CheckInvariants(property, Level.Field, path.Child("properties").Key(name), errors);
        var others = schema.Has("additionalProperties");
        if (others && level == Level.Root)
            errors.Forbidden(path.Child("additionalProperties"), "must not be used at the root");
        if (schema.Object("additionalProperties") is { } other)
            CheckInvariants(other, Level.Field, path.Child("additionalProperties"), errors);

        var (intOrString, preserves, embedded) =
            (schema.Is(SchemaNodes.IntOrString), schema.Is(SchemaNodes.PreserveUnknownFields), schema.Is(SchemaNodes.EmbeddedResource));
        const string NotBoth = "must be false if x-kubernetes-int-or-string is true";
        if (intOrString && preserves)
            errors.Invalid(path.Child(SchemaNodes.PreserveUnknownFields), true, NotBoth);
        if (intOrString && embedded)
            errors.Invalid(path.Child(SchemaNodes.EmbeddedResource), true, NotBoth);
        CheckRestrictions(schema, IsIntOrString(schema.List("anyOf")), IsIntOrString((schema.List("allOf")?.FirstOrDefault() as JsonObject).List("anyOf")), path, errors);

        CheckType(type, level, embedded, intOrString || preserves, path.Child("type"), errors);
        if (embedded && others)
            errors.Forbidden(path.Child("additionalProperties"), "must not be used if x-kubernetes-embedded-resource is set");
        if (level == Level.Root && type is not ("" or "object"))
            errors.Invalid(path.Child("type"), type, "must be object at the root");
        CheckMeta(schema, level, level == Level.Root || embedded, path.Child("properties"), errors);
        if (embedded && !preserves && !schema.HasAny("properties"))
        {
            errors.Required(path.Child("properties"),
                "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields");
        }
    }

    private static void CheckType(string type, Level level, bool embedded, bool mayLack, FieldPath path, FieldErrors errors)
    {
        const string EmbeddedObject = "must be object if x-kubernetes-embedded-resource is true";
        if (embedded && type.Length == 0)
            errors.Required(path, EmbeddedObject);
        else if (embedded && type != "object")
            errors.Invalid(path, type, EmbeddedObject);
        else if (type.Length == 0 && !mayLack)
        {
            errors.Required(path, level switch
            {
                Level.Root => "must not be empty at the root",
                Level.Item => "must not be empty for specified array items",
                _ => "must not be empty for specified object fields",
            });
        }
    }

    /// <summary>What every object has may be said again, and hardly restricted.</summary>
    private static void CheckMeta(JsonObject schema, Level level, bool isObject, FieldPath path, FieldErrors errors)
    {
        foreach (var name in (ReadOnlySpan<string>)["kind", "apiVersion"])
        {
            if (isObject && schema.Property(name) is { } text && text.Word("type") != "string")
                errors.Invalid(path.Key(name).Child("type"), text.Word("type"), "must be string");
        }
        if (schema.Property("metadata") is not { } metadata)
            return;
        var at = path.Key("metadata");
        if (isObject && metadata.Word("type") != "object")
            errors.Invalid(at.Child("type"), metadata.Word("type"), "must be object");
        var onlyNames = metadata.Named("properties").All(p => p.Name is "name" or "generateName");
        if (level == Level.Root && !(onlyNames && metadata.All(p => p.Key is "type" or "default" or "properties" || p.Value is null)))
            errors.Forbidden(at, "must not specify anything other than name and generateName, but metadata is implicitly specified");
    }

    /// <summary>The one way to say types in an anyOf.</summary>
    private static bool IsIntOrString(JsonArray? anyOf) =>
        anyOf is [JsonObject { Count: 1 } first, JsonObject { Count: 1 } second] && first.Word("type") == "integer" && second.Word("type") == "string";

    private static void CheckRestrictions(JsonObject schema, bool skipAnyOf, bool skipFirstAnyOf, FieldPath path, FieldErrors errors)
    {
        if (!skipAnyOf)
        {
            foreach (var (i, inner) in schema.Items("anyOf"))
                CheckNested(inner, false, path.Child("anyOf").Index(i), errors);
        }
        foreach (var (i, inner) in schema.Items("allOf"))
            CheckNested(inner, skipFirstAnyOf && i == 0, path.Child("allOf").Index(i), errors);
        foreach (var (i, inner) in schema.Items("oneOf"))
            CheckNested(inner, false, path.Child("oneOf").Index(i), errors);
        if (schema.Object("not") is { } not)
            CheckNested(not, false, path.Child("not"), errors);
        if (schema.Word("pattern") is { Length: > 0 } pattern && Re2.TryCompile(pattern, out _) is { } fault)
            errors.Invalid(path.Child("pattern"), pattern, $"must be a valid regular expression, but isn't: {fault}");
    }

    private static void CheckNested(JsonObject schema, bool skipAnyOf, FieldPath path, FieldErrors errors)
    {
        CheckRestrictions(schema, skipAnyOf, false, path, errors);
        if (schema.Object("items") is { } items)
            CheckNested(items, false, path.Child("items"), errors);
        foreach (var (name, property) in schema.Named("properties"))
            CheckNested(property, false, path.Child("properties").Key(name), errors);
        Forbid("type", schema.Word("type").Length > 0, "must be empty");
        Forbid("additionalProperties", schema.Object("additionalProperties") is not null || schema.Is("additionalProperties"), "must be undefined");
        Forbid("default", schema.Has("default"), "must be undefined");
        Forbid("title", schema.Word("title").Length > 0, "must be empty");
        Forbid("description", schema.Word("description").Length > 0, "must be empty");
        Forbid("nullable", schema.Is("nullable"), "must be false");
        foreach (var flag in (ReadOnlySpan<string>)[SchemaNodes.PreserveUnknownFields, SchemaNodes.EmbeddedResource, SchemaNodes.IntOrString])
            Forbid(flag, schema.Is(flag), "must be false");
        Forbid(SchemaNodes.ListMapKeys, schema.HasAny(SchemaNodes.ListMapKeys), "must be empty");
        Forbid(SchemaNodes.ListType, schema.Has(SchemaNodes.ListType), "must be undefined");
        Forbid(SchemaNodes.MapType, schema.Has(SchemaNodes.MapType), "must be undefined");
        Forbid(SchemaNodes.Validations, schema.HasAny(SchemaNodes.Validations), "must be empty");
        if (schema.Property("metadata") is not null)
            errors.Forbidden(path.Child("properties").Key("metadata"), "must not be specified in a nested context");

        void Forbid(string name, bool isThere, string detail)
        {
            if (isThere)
                errors.Forbidden(path.Child(name), detail + " to be structural");
        }
    }

    /// <summary>What a restriction speaks of must be there outside of restrictions too.</summary>
    private static void CheckCompleteness(JsonObject restriction, JsonObject schema, FieldPath schemaPath, FieldPath path, FieldErrors errors)
    {
        if (restriction.Object("not") is { } not)
            CheckNestedCompleteness(not, schema, schemaPath, path.Child("not"), errors);
        foreach (var name in (ReadOnlySpan<string>)["allOf", "anyOf", "oneOf"])
        {
            foreach (var (i, inner) in restriction.Items(name))
                CheckNestedCompleteness(inner, schema, schemaPath, path.Child(name).Index(i), errors);
        }
    }

    private static void CheckNestedCompleteness(JsonObject restriction, JsonObject schema, FieldPath schemaPath, FieldPath path, FieldErrors errors)
    {
        CheckCompleteness(restriction, schema, schemaPath, path, errors);
        if (restriction.Object("items") is { } items)
            Go(items, schema.Object("items"), schemaPath.Child("items"), path.Child("items"));
        foreach (var (name, property) in restriction.Named("properties"))
            Go(property, schema.Property(name), schemaPath.Child("properties").Key(name), path.Child("properties").Key(name));

        void Go(JsonObject inner, JsonObject? spoken, FieldPath at, FieldPath from)
        {
            if (spoken is null)
                errors.Required(at, $"because it is defined in {from}");
            else
                CheckNestedCompleteness(inner, spoken, at, from, errors);
        }
    }
}
