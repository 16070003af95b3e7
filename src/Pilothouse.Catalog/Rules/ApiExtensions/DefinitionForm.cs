using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// A definition as upstream's rules see it, by which errors name fields: what all versions say alike is said once, beside them.
/// </summary>
internal sealed class DefinitionForm
{
    private DefinitionForm(JsonObject spec)
    {
        Spec = spec;
        var versions = spec.Objects("versions").ToList();
        Validation = Common(versions, "schema", out var schemas) as JsonObject;
        Subresources = Common(versions, "subresources", out var subresources) as JsonObject;
        Columns = Common(versions, "additionalPrinterColumns", out var columns) as JsonArray;
        SelectableFields = Common(versions, "selectableFields", out var selectable) as JsonArray;
        Versions =
        [
            .. versions.Select(v => new Version(
                v, v.Word("name"), schemas ? null : v.Object("schema"), subresources ? null : v.Object("subresources"),
                columns ? null : v.List("additionalPrinterColumns"), selectable ? null : v.List("selectableFields"))),
        ];
    }

    /// <summary>The spec as it was sent.</summary>
    public JsonObject Spec { get; }

    /// <summary>The schema of all versions; null where they differ, or have none.</summary>
    public JsonObject? Validation { get; }

    public JsonObject? Subresources { get; }

    public JsonArray? Columns { get; }

    public JsonArray? SelectableFields { get; }

    public IReadOnlyList<Version> Versions { get; }

    /// <summary>The first version's name; empty when there is none.</summary>
    public string FirstVersion => Versions.Count > 0 ? Versions[0].Name : "";

    /// <summary>Unknown fields are dropped, which takes a schema to know them.</summary>
    public bool Prunes => !Spec.Is("preserveUnknownFields");

    /// <summary>The schemas themselves, each once.</summary>
    public IEnumerable<JsonObject> Schemas => Versions.Select(v => v.Validation).Prepend(Validation)
        .Select(v => v.Object("openAPIV3Schema")).OfType<JsonObject>();

    public static DefinitionForm Of(JsonObject definition) => new(definition.Object("spec") ?? []);

    /// <summary>The subresources of a version.</summary>
    public JsonObject? SubresourcesOf(Version version) =>
        Versions.Any(v => v.Subresources is not null) ? version.Subresources : Subresources;

    /// <summary>The schema of a version; false when the definition has no such version.</summary>
    public bool TryGetValidation(string version, out JsonObject? validation)
    {
        validation = Validation;
        if (Versions.All(v => v.Validation is null))
            return true;
        var found = Versions.FirstOrDefault(v => v.Name == version);
        validation = found?.Validation;
        return found is not null;
    }

    /// <summary>The versions as errors quote them.</summary>
    public FormattableString ShowVersions()
    {
        if (Spec.List("versions") is null)
            return $"null";
        return InternalForm.Show(
            new JsonArray([.. Versions.Select(v => new JsonObject
            {
                ["name"] = v.Name,
                ["served"] = v.Json.Is("served"),
                ["storage"] = v.Json.Is("storage"),
                ["deprecated"] = v.Json.Is("deprecated"),
                ["deprecationWarning"] = v.Json["deprecationWarning"]?.DeepClone(),
                ["schema"] = v.Validation?.DeepClone(),
                ["subresources"] = v.Subresources?.DeepClone(),
                ["additionalPrinterColumns"] = v.Columns?.DeepClone(),
                ["selectableFields"] = v.SelectableFields?.DeepClone(),
            })]),
            "CustomResourceDefinitionVersion");
    }

    private static JsonNode? Common(List<JsonObject> versions, string name, out bool identical)
    {
        var first = versions.Count > 0 ? versions[0][name] : null;
        identical = versions.TrueForAll(v => SchemaNodes.Same(v[name], first));
        return identical ? first : null;
    }

    /// <summary>A version, and what it says that not all say alike.</summary>
    internal sealed record Version(
        JsonObject Json, string Name, JsonObject? Validation, JsonObject? Subresources, JsonArray? Columns, JsonArray? SelectableFields);
}
