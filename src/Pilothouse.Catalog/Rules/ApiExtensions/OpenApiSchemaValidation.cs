using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Checks a schema and all below it: what of OpenAPI v3 may be said, what its extensions may say of lists, maps and sets, and the
/// rules in CEL. Rules are compiled only where the schemas that they speak of are sound.
/// </summary>
internal sealed class OpenApiSchemaValidation(DefinitionOptions options, bool suppressCost, FieldErrors errors)
{
    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];

    private readonly FieldErrors _ruleErrors = new();

    /// <summary>What holds for a schema because of where it is.</summary>
    /// <param name="NoDefaults">Why there may be no default here; null when there may be one.</param>
    /// <param name="InMeta">Within kind, apiVersion or metadata of a whole object.</param>
    /// <param name="Uncorrelated">From where on old and new values cannot be told to be of the same element; null for nowhere.</param>
    private readonly record struct Place(string? NoDefaults, bool InMeta, FieldPath? Uncorrelated);

    /// <summary>Checks the schema of whole objects.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="scope">For compiling rules; null to leave them alone.</param>
    public void Validate(JsonObject schema, FieldPath path, RuleScope? scope)
    {
        Check(schema, path, default, true, scope);
        foreach (var error in _ruleErrors.All)
            errors.Add(error);
    }

    /// <summary>A set whose items are lists or maps that may be changed in part.</summary>
    public static bool IsNonAtomicSet(JsonObject schema) =>
        schema.Word(SchemaNodes.ListType) == "set" && schema.Object("items") is { } items && FieldOfNonAtomic(items) is not null;

    /// <summary>Whether the items or keys of a set or a map may be absent.</summary>
    public static bool HasFaultyListMap(JsonObject schema)
    {
        var found = new FieldErrors();
        CheckListMapKeys(schema, FieldPath.Spec, found);
        return found.Any;
    }

    private void Check(JsonObject schema, FieldPath path, Place place, bool isRoot, RuleScope? scope)
    {
        if (errors.All.Count >= StructuralSchemas.MostErrors)
            return;
        var before = errors.All.Count;
        CheckForm(schema, path, place);
        if (schema.Is("uniqueItems"))
            errors.Forbidden(path.Child("uniqueItems"), "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        CheckFields(schema, path, place, isRoot, scope);
        if (schema.Object("not") is { } not)
            Check(not, path.Child("not"), place, false, null);
        foreach (var name in (ReadOnlySpan<string>)["allOf", "oneOf", "anyOf"])
        {
            foreach (var (i, inner) in schema.Items(name))
                Check(inner, path.Child(name).Index(i), place, false, null);
        }
        foreach (var (name, inner) in schema.Named("definitions"))
            Check(inner, path.Child("definitions").Key(name), place, false, null);
        CheckItems(schema, path, place, scope);
        foreach (var (name, inner) in schema.Named("dependencies"))
            Check(inner, path.Child("dependencies").Key(name), place, false, null);
        CheckExtensions(schema, path);
        if (schema.List(SchemaNodes.Validations) is not { Count: > 0 })
            return;
        ValidationRules.CheckForm(schema, path.Child(SchemaNodes.Validations), errors);
        if (scope is not null && errors.All.Count == before)
            ValidationRules.Compile(schema, path.Child(SchemaNodes.Validations), scope, place.Uncorrelated, suppressCost, _ruleErrors);
    }

    private void CheckForm(JsonObject schema, FieldPath path, Place place)
    {
        if (options.RequireKnownTypes && DefinitionOptions.HasUnknownType(schema))
            errors.NotSupported(path.Child("type"), schema.Word("type"), Types);
        if (place.NoDefaults is { } reason && schema.Has("default"))
            errors.Forbidden(path.Child("default"), $"must not be set {reason}");
        Forbid("id", schema.Word("id").Length > 0, "id is not supported");
        Forbid("additionalItems", schema.Has("additionalItems"), "additionalItems is not supported");
        Forbid("patternProperties", schema.HasAny("patternProperties"), "patternProperties is not supported");
        Forbid("definitions", schema.HasAny("definitions"), "definitions is not supported");
        Forbid("dependencies", schema.Has("dependencies"), "dependencies is not supported");
        Forbid("$ref", schema.Has("$ref"), "$ref is not supported");
        Forbid("type", schema.Word("type") == "null", "type cannot be set to null, use nullable as an alternative");
        Forbid("items", schema.List("items") is { Count: > 0 }, "items must be a schema object and not an array");
        Forbid(SchemaNodes.EmbeddedResource, place.InMeta && schema.Is(SchemaNodes.EmbeddedResource), "must not be used inside of resource meta");

        void Forbid(string name, bool isThere, string detail)
        {
            if (isThere)
                errors.Forbidden(path.Child(name), detail);
        }
    }

    private void CheckFields(JsonObject schema, FieldPath path, Place place, bool isRoot, RuleScope? scope)
    {
        if (schema.Has("additionalProperties"))
        {
            var others = schema.Object("additionalProperties");
            if (schema.HasAny("properties") && !schema.Is("additionalProperties"))
                errors.Forbidden(path.Child("additionalProperties"), "additionalProperties and properties are mutual exclusive");
            // Without a value nobody knows what would be pruned of a default there.
            var inner = place.InMeta ? place with { NoDefaults = "inside additionalProperties applying to object metadata" } : place;
            if (others is not null)
                Check(others, path.Child("additionalProperties"), inner, false, scope?.OfOthers(others));
        }
        var whole = isRoot || schema.Is(SchemaNodes.EmbeddedResource);
        foreach (var (name, property) in schema.Named("properties"))
        {
            var inner = place;
            if (schema.Word(SchemaNodes.MapType) is not ("" or "granular" or "atomic"))
                inner = inner with { Uncorrelated = inner.Uncorrelated ?? path };
            if (whole && name is "metadata" or "kind" or "apiVersion")
                inner = inner with { InMeta = true, NoDefaults = isRoot ? $"in top-level {name}" : inner.NoDefaults };
            Check(property, path.Child("properties").Key(name), inner, false, scope?.OfProperty(property, name));
        }
    }

    private void CheckItems(JsonObject schema, FieldPath path, Place place, RuleScope? scope)
    {
        var inner = schema.Word(SchemaNodes.ListType) == "map" ? place : place with { Uncorrelated = place.Uncorrelated ?? path };
        if (schema.Object("items") is { } items)
            Check(items, path.Child("items"), inner, false, scope?.OfItems(items));
        foreach (var (i, each) in schema.Items("items"))
            Check(each, path.Child("items").Index(i), inner, false, scope?.OfItems(each));
    }

    private void CheckExtensions(JsonObject schema, FieldPath path)
    {
        var type = schema.Word("type");
        if (schema.Flag(SchemaNodes.PreserveUnknownFields) == false)
            errors.Invalid(path.Child(SchemaNodes.PreserveUnknownFields), false, "must be true or undefined");
        if (schema.Text(SchemaNodes.MapType) is { } mapType)
        {
            MustBe(type, "object", "must be object if x-kubernetes-map-type is specified", path);
            if (mapType is not ("atomic" or "granular"))
                errors.NotSupported(path.Child(SchemaNodes.MapType), mapType, "atomic", "granular");
        }
        var listType = schema.Text(SchemaNodes.ListType);
        if (listType is not null)
        {
            if (type != "array")
                MustBe(type, "array", "must be array if x-kubernetes-list-type is specified", path);
            else if (options.RequireAtomicSets && IsNonAtomicSet(schema) && schema.Object("items") is { } items)
            {
                // Upstream shows the type of lists for maps too.
                errors.Invalid(path.Child("items").Child(FieldOfNonAtomic(items)!), GoJsonText.Show(items[SchemaNodes.ListType]),
                    "must be atomic as item of a list with x-kubernetes-list-type=set");
            }
            if (listType is not ("atomic" or "set" or "map"))
                errors.NotSupported(path.Child(SchemaNodes.ListType), listType, "atomic", "set", "map");
        }
        const string MapForKeys = "must be map if x-kubernetes-list-map-keys is non-empty";
        var hasKeys = schema.HasAny(SchemaNodes.ListMapKeys);
        if (hasKeys && listType is null)
            errors.Required(path.Child(SchemaNodes.ListType), MapForKeys);
        else if (hasKeys && listType != "map")
            errors.Invalid(path.Child(SchemaNodes.ListType), listType, MapForKeys);
        if (listType == "map")
            CheckListMap(schema, path);
        if (options.RequireListMapKeys)
            CheckListMapKeys(schema, path, errors);
    }

    private void MustBe(string type, string wanted, string detail, FieldPath path)
    {
        if (type.Length == 0)
            errors.Required(path.Child("type"), detail);
        else if (type != wanted)
            errors.Invalid(path.Child("type"), type, detail);
    }

    private static string? FieldOfNonAtomic(JsonObject items) => items.Word("type") switch
    {
        "array" when items.Text(SchemaNodes.ListType) is not (null or "atomic") => SchemaNodes.ListType,
        "object" when items.Text(SchemaNodes.MapType) != "atomic" => SchemaNodes.MapType,
        _ => null,
    };

    private void CheckListMap(JsonObject schema, FieldPath path)
    {
        var keysPath = path.Child(SchemaNodes.ListMapKeys);
        if (!schema.HasAny(SchemaNodes.ListMapKeys))
            errors.Required(keysPath, "must not be empty if x-kubernetes-list-type is map");
        if (!schema.Has("items"))
        {
            errors.Required(path.Child("items"), "must have a schema if x-kubernetes-list-type is map");
            return;
        }
        if (schema.Object("items") is not { } items)
        {
            errors.Invalid(path.Child("items"), InternalForm.Show(schema["items"], "JSONSchemaPropsOrArray"),
                "must only have a single schema if x-kubernetes-list-type is map");
            return;
        }
        var type = items.Word("type");
        if (type != "object")
        {
            errors.Invalid(path.Child("items").Child("type"), type, "must be object if parent array's x-kubernetes-list-type is map");
            return;
        }
        var keys = new HashSet<string>();
        foreach (var (_, key) in schema.Words(SchemaNodes.ListMapKeys))
        {
            if (items.Property(key) is not { } property)
                errors.Invalid(keysPath, GoJsonText.Show(schema[SchemaNodes.ListMapKeys]), "entries must all be names of item properties");
            else if (property.Word("type") is "array" or "object")
            {
                errors.Invalid(path.Child("items").Child("properties").Key(key).Child("type"), type,
                    "must be a scalar type if parent array's x-kubernetes-list-type is map");
            }
            if (!keys.Add(key))
                errors.Invalid(keysPath, GoJsonText.Show(schema[SchemaNodes.ListMapKeys]), "must not contain duplicate entries");
        }
    }

    private static void CheckListMapKeys(JsonObject schema, FieldPath path, FieldErrors errors)
    {
        if (schema.Object("items") is not { } items || schema.Text(SchemaNodes.ListType) is not ("set" or "map") || schema.Text(SchemaNodes.ListType) is not { } listType)
            return;
        var at = path.Child("items");
        if (items.Is("nullable"))
            errors.Forbidden(at.Child("nullable"), "cannot be nullable when x-kubernetes-list-type is " + listType);
        if (listType == "set")
            return;
        var required = (items.List("required") ?? []).Select(r => r.AsText()).ToHashSet();
        foreach (var (_, key) in schema.Words(SchemaNodes.ListMapKeys))
        {
            if (items.Property(key) is not { } property)
                continue;
            var keyPath = at.Child("properties").Key(key);
            if (!required.Contains(key) && !property.Has("default"))
            {
                errors.Required(keyPath.Child("default"),
                    "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
            }
            if (property.Is("nullable"))
                errors.Forbidden(keyPath.Child("nullable"), "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
        }
    }
}
