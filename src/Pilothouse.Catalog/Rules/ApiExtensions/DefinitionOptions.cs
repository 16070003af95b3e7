using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What an update of a definition may leave as it is, because it was let in before.</summary>
internal sealed record DefinitionOptions
{
    private static readonly HashSet<string> None = [];

    /// <summary>A conversion's webhook must take a version of reviews that is known.</summary>
    public bool RequireKnownReviewVersion { get; init; } = true;

    /// <summary>The authorities of a conversion's webhook may be nonsense: the definition is not served yet, or they were before.</summary>
    public bool AllowInvalidBundle { get; init; } = true;

    /// <summary>Scope and kind are what objects are stored by.</summary>
    public bool RequireImmutableNames { get; init; }

    public bool RequireSchema { get; init; } = true;

    public bool RequireKnownTypes { get; init; } = true;

    public bool RequireStructural { get; init; } = true;

    public bool RequirePrunedDefaults { get; init; } = true;

    /// <summary>The items of a set must be atomic.</summary>
    public bool RequireAtomicSets { get; init; } = true;

    /// <summary>The keys of a list that is a map must be there always.</summary>
    public bool RequireListMapKeys { get; init; } = true;

    /// <summary>Versions whose schemas are what they were: their rules may cost what they cost.</summary>
    public IReadOnlySet<string> UnchangedSchemas { get; init; } = None;

    /// <summary>Versions with the same too many selectable fields as before; the empty name stands for all versions.</summary>
    public IReadOnlySet<string> TooManySelectableFields { get; init; } = None;

    /// <summary>The options of a create.</summary>
    public static DefinitionOptions ForCreate { get; } = new();

    public static DefinitionOptions ForUpdate(JsonObject definition, JsonObject old)
    {
        var (now, before) = (DefinitionForm.Of(definition), DefinitionForm.Of(old));
        var conversion = before.Spec.Object("conversion");
        var established = DefinitionConditions.IsTrue(old, DefinitionConditions.Established);
        var schemas = before.Schemas.ToList();
        return new()
        {
            RequireKnownReviewVersion = ConversionValidation.KnowsReviewVersion(conversion),
            AllowInvalidBundle = !established || ConversionValidation.FaultOf(conversion) is not null,
            RequireImmutableNames = established,
            RequireSchema = before.Validation.Object("openAPIV3Schema") is not null
                || before.Versions.All(v => v.Validation.Object("openAPIV3Schema") is not null),
            RequireKnownTypes = !schemas.Exists(s => SchemaNodes.Any(s, HasUnknownType)),
            RequireStructural = !schemas.Exists(IsNonStructural),
            RequirePrunedDefaults = !schemas.Exists(SchemaDefaultsValidation.HasUnpruned),
            RequireAtomicSets = !schemas.Exists(s => SchemaNodes.Any(s, OpenApiSchemaValidation.IsNonAtomicSet)),
            RequireListMapKeys = !schemas.Exists(s => SchemaNodes.Any(s, OpenApiSchemaValidation.HasFaultyListMap)),
            UnchangedSchemas = now.Versions.Where(v => IsUnchanged(now, before, v.Name)).Select(v => v.Name).ToHashSet(),
            TooManySelectableFields = WithTooMany(now, before),
        };
    }

    internal static bool HasUnknownType(JsonObject schema) =>
        schema.Word("type") is not ("" or "string" or "number" or "integer" or "boolean" or "array" or "object");

    private static bool IsNonStructural(JsonObject schema)
    {
        if (StructuralSchemas.FaultOf(schema) is not null)
            return true;
        return StructuralSchemas.Validate(schema, FieldPath.Spec).Count > 0;
    }

    private static bool IsUnchanged(DefinitionForm now, DefinitionForm before, string version) =>
        now.TryGetValidation(version, out var schema) && before.TryGetValidation(version, out var old) && SchemaNodes.Same(schema, old);

    private static HashSet<string> WithTooMany(DefinitionForm now, DefinitionForm before)
    {
        var allowed = new HashSet<string>();
        if (before.SelectableFields is { Count: > SelectableFieldValidation.Most } && SchemaNodes.Same(now.SelectableFields, before.SelectableFields))
            allowed.Add("");
        foreach (var version in now.Versions)
        {
            var old = before.Versions.LastOrDefault(v => v.Name == version.Name)?.SelectableFields;
            if (old is { Count: > SelectableFieldValidation.Most } && SchemaNodes.Same(version.SelectableFields, old))
                allowed.Add(version.Name);
        }
        return allowed;
    }
}
