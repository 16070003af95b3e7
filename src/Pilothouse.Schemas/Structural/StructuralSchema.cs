using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// What a definition of a custom resource says of one value (JSONSchemaProps, as far as structural schemas have it). The form of
/// the value, by which it is decoded, merged and published, is a <see cref="SchemaType"/> made from it. Immutable.
/// </summary>
public sealed class StructuralSchema
{
    // Whoever comes first compiles it; the others find it, or do the same once more.
    private Tuple<Regex?, string?>? _pattern;

    /// <summary><c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>; empty for any.</summary>
    public string Type { get; init; } = "";

    /// <summary>As the definition has it, known or not.</summary>
    public string Format { get; init; } = "";

    public bool Nullable { get; init; }

    /// <summary>The default, pruned by this very schema; null for none.</summary>
    public JsonNode? Default { get; internal set; }

    /// <summary>Sorted by name.</summary>
    public IReadOnlyDictionary<string, StructuralSchema> Properties { get; init; } = new Dictionary<string, StructuralSchema>();

    /// <summary>Of the values that <see cref="Properties"/> does not name; null when it says nothing of them.</summary>
    public StructuralSchema? AdditionalProperties { get; init; }

    /// <summary>False: there may be none; true: there may be any; null when nothing is said, or a schema is.</summary>
    public bool? AllowsAdditionalProperties { get; init; }

    public StructuralSchema? Items { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>The values that are allowed; null for all.</summary>
    public IReadOnlyList<JsonNode?>? Enum { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public long? MinProperties { get; init; }

    public long? MaxProperties { get; init; }

    /// <summary>In RE2's syntax; empty for none.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>The pattern compiled, when it is first needed, or why it cannot be.</summary>
    internal (Regex? Regex, string? Error) CompiledPattern
    {
        get
        {
            _pattern ??= Re2.TryCompile(Pattern, out var regex) is { } error ? new(null, error) : new(regex, null);
            return (_pattern.Item1, _pattern.Item2);
        }
    }

    public IReadOnlyList<StructuralSchema> AllOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> AnyOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> OneOf { get; init; } = [];

    public StructuralSchema? Not { get; init; }

    /// <summary>x-kubernetes-preserve-unknown-fields: what no property names is kept.</summary>
    public bool PreservesUnknownFields { get; init; }

    /// <summary>x-kubernetes-embedded-resource: an object with apiVersion, kind and metadata of its own.</summary>
    public bool IsEmbeddedResource { get; init; }

    /// <summary>x-kubernetes-int-or-string.</summary>
    public bool IsIntOrString { get; init; }

    /// <summary>x-kubernetes-list-type: <c>atomic</c>, <c>set</c> or <c>map</c>; empty for none, which is atomic.</summary>
    public string ListType { get; init; } = "";

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary>x-kubernetes-map-type: <c>atomic</c> or <c>granular</c>; empty for none, which is granular.</summary>
    public string MapType { get; init; } = "";

    /// <summary>x-kubernetes-validations.</summary>
    public IReadOnlyList<StructuralRule> Rules { get; init; } = [];

    /// <summary>Whether this or anything below it has a default: without, there is nothing to walk for.</summary>
    internal bool HasDefaults { get; set; }

    /// <summary>The schema as it was written, for whoever publishes it.</summary>
    public JsonObject Source { get; init; } = [];
}
