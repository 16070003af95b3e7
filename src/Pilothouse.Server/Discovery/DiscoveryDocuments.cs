using System.Collections.Frozen;
using System.Text.Json;
using Pilothouse.Catalog;

namespace Pilothouse.Server.Discovery;

/// <summary>The discovery documents of one snapshot of the catalog: the lists of groups, versions and resources.</summary>
internal sealed class DiscoveryDocuments
{
    private readonly Lazy<PreparedDocument> _groups;
    private readonly FrozenDictionary<string, Lazy<PreparedDocument>> _group;
    private readonly FrozenDictionary<string, Lazy<PreparedDocument>> _groupVersion;
    private readonly Lazy<PreparedDocument> _aggregatedCore;
    private readonly Lazy<PreparedDocument> _aggregatedGroups;

    public DiscoveryDocuments(ResourceCatalog catalog)
    {
        Catalog = catalog;
        var named = catalog.Groups.Where(g => g.Name.Length > 0).ToList();
        var core = catalog.Groups.Where(g => g.Name.Length == 0).ToList();
        _groups = new(() => PreparedDocument.Json(json => WriteGroupList(json, named)));
        _group = named.ToFrozenDictionary(
            g => g.Name, g => new Lazy<PreparedDocument>(() => PreparedDocument.Json(json => WriteGroup(json, g, typed: true))));
        _groupVersion = catalog.Groups
            .SelectMany(g => g.Versions.Select(v => (Group: g.Name, Version: v)))
            .ToFrozenDictionary(
                gv => ApiVersion(gv.Group, gv.Version),
                gv => new Lazy<PreparedDocument>(() => PreparedDocument.Json(json => WriteResources(json, gv.Group, gv.Version))));
        _aggregatedCore = new(() => AggregatedDiscovery.Write(catalog, core));
        _aggregatedGroups = new(() => AggregatedDiscovery.Write(catalog, named));
    }

    /// <summary>What they describe.</summary>
    public ResourceCatalog Catalog { get; }

    /// <summary><c>/apis</c>: every group but the core one.</summary>
    public PreparedDocument Groups => _groups.Value;

    /// <summary><c>/api</c> in the aggregated form.</summary>
    public PreparedDocument AggregatedCore => _aggregatedCore.Value;

    /// <summary><c>/apis</c> in the aggregated form.</summary>
    public PreparedDocument AggregatedGroups => _aggregatedGroups.Value;

    /// <summary><c>/apis/GROUP</c>; null for a group that is not served.</summary>
    public PreparedDocument? Group(string name) => _group.TryGetValue(name, out var document) ? document.Value : null;

    /// <summary><c>/api/v1</c> or <c>/apis/GROUP/VERSION</c>; null for a version that is not served.</summary>
    public PreparedDocument? GroupVersion(string group, string version) =>
        _groupVersion.TryGetValue(ApiVersion(group, version), out var document) ? document.Value : null;

    private static string ApiVersion(string group, string version) => group.Length == 0 ? version : $"{group}/{version}";

    private static void WriteGroupList(Utf8JsonWriter json, IEnumerable<ApiGroup> groups)
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, "APIGroupList"u8);
        json.WriteString("apiVersion"u8, "v1"u8);
        json.WriteStartArray("groups"u8);
        foreach (var group in groups)
            WriteGroup(json, group, typed: false);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter json, ApiGroup group, bool typed)
    {
        json.WriteStartObject();
        if (typed)
        {
            json.WriteString("kind"u8, "APIGroup"u8);
            json.WriteString("apiVersion"u8, "v1"u8);
        }
        json.WriteString("name"u8, group.Name);
        json.WriteStartArray("versions"u8);
        foreach (var version in group.Versions)
            WriteVersion(json, group.Name, version);
        json.WriteEndArray();
        json.WritePropertyName("preferredVersion"u8);
        WriteVersion(json, group.Name, group.Versions[0]);
        json.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter json, string group, string version)
    {
        json.WriteStartObject();
        json.WriteString("groupVersion"u8, ApiVersion(group, version));
        json.WriteString("version"u8, version);
        json.WriteEndObject();
    }

    private void WriteResources(Utf8JsonWriter json, string group, string version)
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, "APIResourceList"u8);
        // The core group's list has no apiVersion: it is older than API groups.
        if (group.Length > 0)
            json.WriteString("apiVersion"u8, "v1"u8);
        json.WriteString("groupVersion"u8, ApiVersion(group, version));
        json.WriteStartArray("resources"u8);
        foreach (var resource in Catalog.Served.Where(s => s.Resource.Group == group && s.Resource.Version == version))
        {
            WriteResource(json, resource);
            foreach (var subresource in resource.Subresources)
                WriteSubresource(json, resource, subresource);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, ServedResource resource)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, resource.Resource.Resource);
        json.WriteString("singularName"u8, resource.Singular);
        json.WriteBoolean("namespaced"u8, resource.Namespaced);
        json.WriteString("kind"u8, resource.Kind.Kind);
        WriteList(json, "verbs"u8, resource.Verbs);
        WriteListIfAny(json, "shortNames"u8, resource.ShortNames);
        WriteListIfAny(json, "categories"u8, resource.Categories);
        if (resource.StorageVersionHash.Length > 0)
            json.WriteString("storageVersionHash"u8, resource.StorageVersionHash);
        json.WriteEndObject();
    }

    private static void WriteSubresource(Utf8JsonWriter json, ServedResource parent, ServedSubresource subresource)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, $"{parent.Resource.Resource}/{subresource.Name}");
        json.WriteString("singularName"u8, ""u8);
        json.WriteBoolean("namespaced"u8, parent.Namespaced);
        if (subresource.NamesItsGroupVersion)
        {
            if (subresource.Kind.Group.Length > 0)
                json.WriteString("group"u8, subresource.Kind.Group);
            json.WriteString("version"u8, subresource.Kind.Version);
        }
        json.WriteString("kind"u8, subresource.Kind.Kind);
        WriteList(json, "verbs"u8, subresource.Verbs);
        json.WriteEndObject();
    }

    internal static void WriteListIfAny(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
            WriteList(json, name, values);
    }

    internal static void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
