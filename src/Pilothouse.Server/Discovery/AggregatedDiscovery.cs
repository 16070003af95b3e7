using System.Text.Json;
using Pilothouse.Catalog;

namespace Pilothouse.Server.Discovery;

/// <summary>Discovery of all groups, versions and resources in one document (KEP-3352), <c>apidiscovery.k8s.io/v2</c>.</summary>
internal static class AggregatedDiscovery
{
    public const string ContentType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    public static PreparedDocument Write(ResourceCatalog catalog, IEnumerable<ApiGroup> groups) =>
        PreparedDocument.Json(
            json =>
            {
                json.WriteStartObject();
                json.WriteString("kind"u8, "APIGroupDiscoveryList"u8);
                json.WriteString("apiVersion"u8, "apidiscovery.k8s.io/v2"u8);
                json.WriteStartObject("metadata"u8);
                json.WriteEndObject();
                json.WriteStartArray("items"u8);
                foreach (var group in groups)
                    WriteGroup(json, catalog, group);
                json.WriteEndArray();
                json.WriteEndObject();
            },
            ContentType);

    private static void WriteGroup(Utf8JsonWriter json, ResourceCatalog catalog, ApiGroup group)
    {
        json.WriteStartObject();
        json.WriteStartObject("metadata"u8);
        if (group.Name.Length > 0)
            json.WriteString("name"u8, group.Name);
        json.WriteEndObject();
        json.WriteStartArray("versions"u8);
        foreach (var version in group.Versions)
        {
            json.WriteStartObject();
            json.WriteString("version"u8, version);
            json.WriteStartArray("resources"u8);
            foreach (var resource in catalog.Served.Where(s => s.Resource.Group == group.Name && s.Resource.Version == version))
                WriteResource(json, resource);
            json.WriteEndArray();
            json.WriteString("freshness"u8, "Current"u8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, ServedResource resource)
    {
        json.WriteStartObject();
        json.WriteString("resource"u8, resource.Resource.Resource);
        // Custom resources name theirs all the same.
        var own = resource.IsCustom ? resource.Kind : new("", "", resource.Kind.Kind);
        WriteKind(json, own.Group, own.Version, own.Kind);
        json.WriteString("scope"u8, resource.Namespaced ? "Namespaced"u8 : "Cluster"u8);
        json.WriteString("singularResource"u8, resource.Singular);
        DiscoveryDocuments.WriteList(json, "verbs"u8, resource.Verbs);
        DiscoveryDocuments.WriteListIfAny(json, "shortNames"u8, resource.ShortNames);
        DiscoveryDocuments.WriteListIfAny(json, "categories"u8, resource.Categories);
        if (resource.Subresources.Count > 0)
        {
            json.WriteStartArray("subresources"u8);
            foreach (var subresource in resource.Subresources)
            {
                json.WriteStartObject();
                json.WriteString("subresource"u8, subresource.Name);
                if (subresource.NamesItsGroupVersion)
                    WriteKind(json, subresource.Kind.Group, subresource.Kind.Version, subresource.Kind.Kind);
                else
                    WriteKind(json, own.Group, own.Version, subresource.Kind.Kind);
                DiscoveryDocuments.WriteList(json, "verbs"u8, subresource.Verbs);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>Group and version stay empty where they are those of the list that the resource is in.</summary>
    private static void WriteKind(Utf8JsonWriter json, string group, string version, string kind)
    {
        json.WriteStartObject("responseKind"u8);
        json.WriteString("group"u8, group);
        json.WriteString("version"u8, version);
        json.WriteString("kind"u8, kind);
        json.WriteEndObject();
    }
}
