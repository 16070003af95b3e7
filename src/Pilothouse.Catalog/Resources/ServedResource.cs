using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>A resource in one version as clients see it: what a path below /api or /apis stands for.</summary>
public sealed class ServedResource
{
    public required GroupVersionResource Resource { get; init; }

    public required GroupVersionKind Kind { get; init; }

    /// <summary>The kind of its lists: <c>PodList</c>.</summary>
    public string ListKind { get => field ?? Kind.Kind + "List"; init; }

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

    /// <summary>The table of a custom resource; null for built-in resources, whose tables the program knows.</summary>
    public TablePrinter? Printer { get; init; }

    /// <summary>What clients are told of a version that is on its way out; empty for none.</summary>
    public string DeprecationWarning { get; init; } = "";

    /// <summary>The definition is being deleted: nothing new is created.</summary>
    public bool IsTerminating { get; init; }

    /// <summary>Where a custom resource has what its Scale says; null without such a subresource, and for built-in resources.</summary>
    public ScalePaths? Scale { get; init; }

    public bool IsCustom => Stored.Versions is not null;

    public IReadOnlyList<ServedSubresource> Subresources { get; init; } = [];

    /// <summary>The labels that field selectors may use in this version, beside metadata.name and metadata.namespace.</summary>
    public IReadOnlyDictionary<string, SelectableField> FieldLabels { get; init; } = new Dictionary<string, SelectableField>();

    /// <summary>Whether a field selector may name metadata.namespace, which is "" in resources of the whole cluster.</summary>
    public bool SelectsNamespace { get; init; } = true;

    /// <summary>What a field selector with an unknown label is told; <c>{label}</c> stands for it.</summary>
    public string UnknownFieldLabelMessage { get; init; } = "field label not supported: {label}";

    /// <summary>Whether a verb is served. Of a custom resource all are, also those that discovery no longer names.</summary>
    public bool Allows(string verb) => IsCustom || Verbs.Contains(verb);

    public ServedSubresource? Subresource(string name) => Subresources.FirstOrDefault(s => s.Name == name);

    public override string ToString() => Resource.ToString();
}
