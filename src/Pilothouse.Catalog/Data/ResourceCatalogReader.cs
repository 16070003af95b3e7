using System.Text.Json;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>Makes a catalog from <c>Data/resources.json</c>, where every resource of every version is one line.</summary>
internal sealed class ResourceCatalogReader(SchemaLibrary types)
{
    private const string DefaultLabelMessage =
        "\"{label}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";

    private readonly Dictionary<GroupVersionKind, SchemaType> _byKind = new();
    private readonly Dictionary<string, StoredResource> _byKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SelectableField>> _fields = new(StringComparer.Ordinal);

    public ResourceCatalog Read(JsonElement root)
    {
        var groups = root.GetProperty("groups").EnumerateArray().Select(ReadGroup).ToList();
        var entries = root.GetProperty("resources").EnumerateArray().ToList();

        // A collection's fields are gathered over all versions first: they belong to the stored one.
        foreach (var entry in entries)
            GatherFields(entry);
        return new ResourceCatalog(groups, [.. entries.Select(ReadResource)]);
    }

    private static ApiGroup ReadGroup(JsonElement group)
    {
        var versions = group.GetProperty("versions").EnumerateObject().ToList();
        return new ApiGroup(Text(group, "name"), [.. versions.Select(v => v.Name)])
        {
            GroupPriority = group.GetProperty("priority").GetInt32(),
            VersionPriorities = [.. versions.Select(v => v.Value.GetInt32())],
        };
    }

    private ServedResource ReadResource(JsonElement entry)
    {
        var resource = new GroupVersionResource(Text(entry, "group"), Text(entry, "version"), Text(entry, "name"));
        var kind = new GroupVersionKind(resource.Group, resource.Version, Text(entry, "kind"));
        var message = Text(entry, "fieldError");
        return new ServedResource
        {
            Resource = resource,
            Kind = kind,
            Singular = Text(entry, "singular"),
            Namespaced = entry.GetProperty("namespaced").GetBoolean(),
            Verbs = Texts(entry, "verbs"),
            ShortNames = Texts(entry, "shortNames"),
            Categories = Texts(entry, "categories"),
            StorageVersionHash = Text(entry, "storageVersionHash"),
            Schema = TypeOf(kind) ?? throw new InvalidDataException($"The kind {kind} has no type."),
            Stored = ReadStored(entry, resource, kind),
            Converter = VersionConverters.For(resource),
            Subresources = [.. Elements(entry, "subresources").Select(s => ReadSubresource(s, kind))],
            FieldLabels = ReadFields(entry),
            SelectsNamespace = !entry.TryGetProperty("selectsNamespace", out var selects) || selects.GetBoolean(),
            UnknownFieldLabelMessage = message.Length > 0 ? message : DefaultLabelMessage,
        };
    }

    private StoredResource ReadStored(JsonElement entry, GroupVersionResource resource, GroupVersionKind kind)
    {
        var keys = Text(entry, "keys");
        if (keys.Length > 0 && _byKeys.TryGetValue(keys, out var known))
            return known;
        if (entry.TryGetProperty("storedAs", out var storedAs))
        {
            var parts = storedAs.GetString()!.Split('/');
            kind = new GroupVersionKind(parts[0], parts[1], kind.Kind);
        }
        var groupResource = new GroupResource(kind.Group, resource.Resource);
        var stored = new StoredResource
        {
            Resource = groupResource,
            Kind = kind,
            Namespaced = entry.GetProperty("namespaced").GetBoolean(),
            Schema = TypeOf(kind) ?? throw new InvalidDataException($"The stored kind {kind} has no type."),
            KeyPrefix = keys,
            SelectableFields = keys.Length > 0 ? _fields[keys] : [],
            Strategy = Strategies.For(groupResource),
        };
        if (keys.Length > 0)
            _byKeys.Add(keys, stored);
        return stored;
    }

    private ServedSubresource ReadSubresource(JsonElement entry, GroupVersionKind parent)
    {
        var names = entry.TryGetProperty("group", out var group);
        var kind = new GroupVersionKind(
            names ? group.GetString()! : parent.Group, names ? Text(entry, "version") : parent.Version, Text(entry, "kind"));
        return new ServedSubresource(Text(entry, "name"), kind, Texts(entry, "verbs"), TypeOf(kind)) { NamesItsGroupVersion = names };
    }

    private void GatherFields(JsonElement entry)
    {
        var keys = Text(entry, "keys");
        if (keys.Length == 0)
            return;
        if (!_fields.TryGetValue(keys, out var known))
            _fields.Add(keys, known = []);
        foreach (var field in Properties(entry, "fields").Select(ReadField).Where(f => Find(known, f) is null))
            known.Add(field);
    }

    private Dictionary<string, SelectableField> ReadFields(JsonElement entry)
    {
        var labels = new Dictionary<string, SelectableField>(StringComparer.Ordinal);
        if (_fields.TryGetValue(Text(entry, "keys"), out var known))
        {
            foreach (var property in Properties(entry, "fields"))
                labels.Add(property.Name, Find(known, ReadField(property))!);
        }
        return labels;
    }

    private static SelectableField? Find(List<SelectableField> known, SelectableField field) =>
        known.Find(k => k.Form == field.Form && k.Paths.SequenceEqual(field.Paths));

    /// <summary>A label with where its value is: a path, <c>a ?: b</c>, <c>bool(a)</c>, <c>int(a)</c>, or null for nowhere.</summary>
    private static SelectableField ReadField(JsonProperty property)
    {
        if (property.Value.GetString() is not { } text)
            return new SelectableField(property.Name, []);
        var form = text.StartsWith("bool(", StringComparison.Ordinal) ? SelectableFieldForm.Boolean
            : text.StartsWith("int(", StringComparison.Ordinal) ? SelectableFieldForm.Integer
            : SelectableFieldForm.Text;
        if (form != SelectableFieldForm.Text)
            text = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1];
        return new SelectableField(property.Name, text.Split(" ?: "), form);
    }

    private SchemaType? TypeOf(GroupVersionKind kind)
    {
        if (_byKind.TryGetValue(kind, out var known))
            return known;
        if (!types.TryGet($"{PackageOf(kind)}.{kind.Version}.{kind.Kind}", out var type))
            return null;
        _byKind.Add(kind, type);
        return type;
    }

    private static string PackageOf(GroupVersionKind kind) => kind.Group switch
    {
        "" => "io.k8s.api.core",
        "apiextensions.k8s.io" => "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
        "apiregistration.k8s.io" => "io.k8s.kube-aggregator.pkg.apis.apiregistration",
        // A group's Go package is the first word of its name.
        var group => "io.k8s.api." + group.Split('.')[0],
    };

    private static string Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static string[] Texts(JsonElement entry, string name) => [.. Elements(entry, name).Select(e => e.GetString()!)];

    private static JsonElement.ArrayEnumerator Elements(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) ? value.EnumerateArray() : default;

    private static JsonElement.ObjectEnumerator Properties(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) ? value.EnumerateObject() : default;
}
