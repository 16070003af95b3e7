using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The schema of one version of a definition, or of all.</summary>
internal static class SchemaValidation
{
    private const string Schema = "openAPIV3Schema";

    // In the order of upstream's struct, which decides what is named first.
    private static readonly string[] BeforeType = ["id", "$schema", "$ref"];

    private static readonly string[] AfterType =
    [
        "nullable", "default", "enum", "maxProperties", "minProperties", "allOf", "oneOf", "anyOf", "not", "additionalProperties", "patternProperties",
        "dependencies", "additionalItems", "definitions", SchemaNodes.EmbeddedResource, SchemaNodes.IntOrString, SchemaNodes.ListMapKeys,
        SchemaNodes.ListType, SchemaNodes.MapType,
    ];

    private const string AllowedAtRoot =
        "only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems "
        + "MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema "
        + "if the status subresource is enabled";

    /// <summary>Checks a schema.</summary>
    /// <param name="schema">The schema of whole objects.</param>
    /// <param name="hasStatus">Status is written by itself, and validated by what the schema says of it.</param>
    /// <param name="options">What an update may leave as it is.</param>
    /// <param name="suppressCost">The schema is what it was: a single rule may cost what it costs.</param>
    /// <param name="path">Where the schema's parent is.</param>
    /// <param name="errors">Gets the errors.</param>
    public static void Validate(
        JsonObject schema, bool hasStatus, DefinitionOptions options, bool suppressCost, FieldPath path, FieldErrors errors)
    {
        var (found, at) = (new FieldErrors(), path.Child(Schema));
        if (hasStatus)
            CheckRoot(schema, path, found);
        if (schema.Is("nullable"))
            found.Forbidden(path.Child("openAPIV3Schema.nullable"), "nullable cannot be true at the root");
        RuleScope? scope = null;
        string? fault = null;
        if (options.RequireStructural)
        {
            fault = StructuralSchemas.FaultOf(schema);
            var before = found.All.Count;
            if (fault is null)
            {
                foreach (var error in StructuralSchemas.Validate(schema, at))
                    found.Add(error);
                if (found.All.Count == before)
                    SchemaDefaultsValidation.Validate(schema, at, options.RequirePrunedDefaults, found);
                if (found.All.Count == before)
                    scope = RuleScope.Root(schema);
            }
        }
        new OpenApiSchemaValidation(options, suppressCost, found).Validate(schema, at, scope);
        // What keeps a schema from being structural overlaps with what OpenAPI says of it, which says it better.
        if (fault is not null && !found.Any)
            found.Invalid(at, "", fault);
        if (scope is { Total.Total: > RuleCosts.Most })
        {
            foreach (var expensive in scope.Total.Largest)
                found.Forbidden(expensive, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema");
            found.Forbidden(at, ValidationRules.TooExpensive(
                "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", scope.Total.Total, RuleCosts.Most));
        }
        foreach (var error in found.All)
            errors.Add(error);
    }

    /// <summary>Restrictions at the root would not hold for a status that is written by itself.</summary>
    private static void CheckRoot(JsonObject schema, FieldPath path, FieldErrors errors)
    {
        if (Array.Exists(BeforeType, name => IsSet(schema, name)))
            errors.Invalid(path.Child(Schema), InternalForm.Show(schema, "JSONSchemaProps"), AllowedAtRoot);
        else if (schema.Word("type") is not ("" or "object") and var type)
        {
            errors.Invalid(path.Child("openAPIV3Schema.type"), type,
                "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled");
        }
        else if (Array.Exists(AfterType, name => IsSet(schema, name)))
            errors.Invalid(path.Child(Schema), InternalForm.Show(schema, "JSONSchemaProps"), AllowedAtRoot);
    }

    private static bool IsSet(JsonObject schema, string name) => schema.Has(name);
}
