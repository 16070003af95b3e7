using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>A resource in one version as clients see it: what a path below /api or /apis stands for.</summary>
public sealed class ServedResource
{
    public required GroupVersionResource Resource { get; init; }

    public required GroupVersionKind Kind { get; init; }

    /// <summary>The kind of its lists: <c>PodList</c>.</summary>
    public string ListKind => Kind.Kind + "List";

    public required string Singular { get; init; }

    public required bool Namespaced { get; init; }

    /// <summary>Verbs, as discovery prints them.</summary>
    public required IReadOnlyList<string> Verbs { get; init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public string StorageVersionHash { get; init; } = "";

    /// <summary>The schema of this version.</summary>
    public required SchemaType Schema { get; init; }

    /// <summary>The collection behind it.</summary>
    public required StoredResource Stored { get; init; }

    /// <summary>Between this version and the stored one; null when they are the same.</summary>
    public IVersionConverter? Converter { get; init; }

    public IReadOnlyList<ServedSubresource> Subresources { get; init; } = [];

    /// <summary>The labels that field selectors may use in this version, beside metadata.name and metadata.namespace.</summary>
    public IReadOnlyDictionary<string, SelectableField> FieldLabels { get; init; } = new Dictionary<string, SelectableField>();

    /// <summary>Whether a field selector may name metadata.namespace, which is "" in resources of the whole cluster.</summary>
    public bool SelectsNamespace { get; init; } = true;

    /// <summary>What a field selector with an unknown label is told; <c>{label}</c> stands for it.</summary>
    public string UnknownFieldLabelMessage { get; init; } = "field label not supported: {label}";

    public bool Allows(string verb) => Verbs.Contains(verb);

    public ServedSubresource? Subresource(string name) => Subresources.FirstOrDefault(s => s.Name == name);

    public override string ToString() => Resource.ToString();
}
