using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Defaults may have no fields that their own schema does not know.</summary>
internal static class SchemaDefaultsValidation
{
    /// <summary>Checks the defaults of a structural schema.</summary>
    public static void Validate(JsonObject schema, FieldPath path, bool requirePruned, FieldErrors errors) =>
        Check(schema, path, inMeta: false, requirePruned, errors);

    /// <summary>Whether a schema has a default with fields that it does not know.</summary>
    public static bool HasUnpruned(JsonObject schema) => SchemaNodes.Any(schema, s => s.Has("default"))
        && StructuralSchemas.FaultOf(schema) is null && StructuralSchemas.Validate(schema, FieldPath.Spec).Count == 0
        && SchemaNodes.Any(schema, s => s.Has("default") && LosesFields(s["default"], s));

    private static void Check(JsonObject schema, FieldPath path, bool inMeta, bool requirePruned, FieldErrors errors)
    {
        var embedded = schema.Is(SchemaNodes.EmbeddedResource);
        inMeta &= !embedded;
        if (schema.Has("default") && !inMeta && requirePruned && LosesFields(schema["default"], schema))
            errors.Invalid(path.Child("default"), Show(schema["default"]), "must not have unknown fields");
        // Below additionalProperties there may be none.
        if (schema.Object("items") is { } items)
            Check(items, path.Child("items"), inMeta, requirePruned, errors);
        foreach (var (name, property) in schema.Named("properties"))
        {
            Check(property, path.Child("properties").Key(name), inMeta || (embedded && name is "metadata" or "apiVersion" or "kind"),
                requirePruned, errors);
        }
    }

    private static object? Show(JsonNode? value) => value is JsonValue ? value : GoJsonText.Raw(GoJsonText.Of(value, sorted: true));

    /// <summary>Whether pruning would take anything from a value.</summary>
    private static bool LosesFields(JsonNode? value, JsonObject? schema, bool preserves = false)
    {
        preserves = schema is not null && (preserves || schema.Is(SchemaNodes.PreserveUnknownFields));
        switch (value)
        {
            case JsonObject map:
                foreach (var (name, member) in map)
                {
                    if (schema?.Is(SchemaNodes.EmbeddedResource) == true && name is "apiVersion" or "kind" or "metadata")
                        continue;
                    if (schema.Property(name) is { } property ? LosesFields(member, property)
                        : schema?.Has("additionalProperties") == true ? LosesFields(member, schema.Object("additionalProperties"))
                        : !preserves)
                    {
                        return true;
                    }
                }
                return false;
            case JsonArray list:
                // Whatever a list keeps of unknown fields, its items keep too.
                return list.Any(item => (schema.Object("items") is not null || !preserves) && LosesFields(item, schema.Object("items"), preserves));
            default:
                return false;
        }
    }
}
