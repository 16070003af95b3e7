using System.Diagnostics.CodeAnalysis;

namespace Pilothouse.Schemas;

/// <summary>
/// What is known of a value: its form, its properties or elements, and the names under which errors speak of it.
/// Built-in types come from the catalog, custom ones from their CRD; everything structural walks these. Immutable once
/// <see cref="Seal"/> was called; types refer to each other and may be recursive.
/// </summary>
public sealed class SchemaType
{
    private SchemaProperties? _properties;

    /// <summary>The OpenAPI definition's name, <c>io.k8s.api.core.v1.Container</c>; empty for a type without one.</summary>
    public string Definition { get; init; } = "";

    public required SchemaKind Kind { get; init; }

    /// <summary>The Go type as decode errors print it: <c>int32</c>, <c>v1.Container</c>, <c>map[string]string</c>.</summary>
    public required string GoType { get; init; }

    /// <summary>The struct's bare Go name, <c>Container</c>, as in "Go struct field Container.name".</summary>
    public string GoName { get; init; } = "";

    /// <summary>OpenAPI format: int32, int64, byte, date-time, double, int-or-string …; empty for none.</summary>
    public string Format { get; init; } = "";

    /// <summary>A struct's properties, in upstream's JSON output order. Empty for other kinds.</summary>
    public SchemaProperties Properties => _properties ?? Library?.Load(this, ref _properties) ?? SchemaProperties.Empty;

    /// <summary>Where the properties are read from when they are first needed; null when they were sealed in, or are none.</summary>
    internal SchemaLibrary? Library { get; init; }

    /// <summary>The type of a list's elements or a map's values; null for other kinds.</summary>
    public SchemaType? Element { get; internal set; }

    /// <summary>Allowed values; empty when any will do. Published, and not checked by decoding.</summary>
    public IReadOnlyList<string> Enum { get; init; } = [];

    /// <summary>Unions of this struct, as published in <c>x-kubernetes-unions</c>, each as raw JSON.</summary>
    public IReadOnlyList<string> Unions { get; init; } = [];

    /// <summary>A field set (FieldsV1), kept as its bytes: see <see cref="RawJson"/>.</summary>
    internal bool IsFieldSet { get; init; }

    /// <summary>The definition is used by the server and not published in OpenAPI.</summary>
    public bool Unpublished { get; init; }

    /// <summary>Kinds that have this type at their root: published as <c>x-kubernetes-group-version-kind</c>.</summary>
    public IReadOnlyList<Objects.GroupVersionKind> Kinds { get; init; } = [];

    /// <summary><c>atomic</c> or <c>granular</c> for structs and maps; empty for none.</summary>
    public string MapType { get; init; } = "";

    /// <summary>
    /// What a custom resource's definition says of the value; null for built-in types. Such a value is kept as it was sent: a zero
    /// is not absent, and of what form it is validation says. In a struct, <see cref="Element"/> is then the type of fields that
    /// no property names; null when those are pruned.
    /// </summary>
    public StructuralSchema? Structural { get; init; }

    /// <summary>It is the type of a custom resource's whole objects.</summary>
    public bool IsStructuralRoot { get; init; }

    /// <summary>The protobuf fields, made when they are first asked for.</summary>
    internal ProtobufFields Protobuf => field ??= ProtobufFields.Of(this);

    internal void Seal(SchemaProperties properties) => _properties = properties;

    /// <summary>Finds a property by its JSON name, to the letter.</summary>
    public bool TryGetProperty(string name, [MaybeNullWhen(false)] out SchemaProperty property) => Properties.TryGet(name, out property);

    public override string ToString() => Definition.Length > 0 ? Definition : GoType;
}
