using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>
/// The definitions of custom resources in OpenAPI 3: what their own definitions say, with kind, apiVersion and metadata as every
/// object has them.
/// </summary>
internal sealed class CustomDefinitions
{
    private const string Reference = "#/components/schemas/";
    private const string ObjectMeta = ApiPaths.Meta + "ObjectMeta";
    private const string ListMeta = ApiPaths.Meta + "ListMeta";

    private const string ApiVersionText =
        "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal "
        + "value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";

    private const string KindText =
        "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits "
        + "requests to. Cannot be updated. In CamelCase. More info: "
        + "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

    private const string MetadataText =
        "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

    private const string ListMetadataText =
        "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

    private readonly Dictionary<string, ServedResource> _byName;

    private CustomDefinitions(Dictionary<string, ServedResource> byName) => _byName = byName;

    /// <summary>Built-in definitions that those of custom resources refer to.</summary>
    public static IReadOnlyList<string> Referred { get; } = [ObjectMeta, ListMeta];

    public static CustomDefinitions Of(ResourceCatalog catalog) =>
        new(catalog.Served.Where(s => s.IsCustom).ToDictionary(s => NameOf(s.Kind)));

    /// <summary>What a kind's definition is called: <c>com.example.v1.Widget</c>.</summary>
    public static string NameOf(GroupVersionKind kind) => $"{string.Join('.', kind.Group.Split('.').Reverse())}.{kind.Version}.{kind.Kind}";

    /// <summary>The definitions among some names, and of their lists, sorted by name.</summary>
    public SortedDictionary<string, JsonObject> Among(IReadOnlySet<string> names)
    {
        var found = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var (name, resource) in _byName)
        {
            if (!names.Contains(name))
                continue;
            found[name] = OfObject(resource);
            found[name + "List"] = OfList(resource, name);
        }
        return found;
    }

    private static JsonObject OfObject(ServedResource resource)
    {
        var definition = (JsonObject)resource.Schema.Structural!.Source.DeepClone();
        definition["type"] = "object";
        var properties = definition.ObjectOrNew("properties");
        AddTypeMeta(properties);
        var metadata = properties.Object("metadata") is { } own && own.Text("description") is { Length: > 0 } text ? text : MetadataText;
        properties["metadata"] = Referring(ObjectMeta, metadata);
        definition["x-kubernetes-group-version-kind"] = Kinds(resource.Kind);
        return definition;
    }

    private static JsonObject OfList(ServedResource resource, string name)
    {
        var properties = new JsonObject();
        AddTypeMeta(properties);
        properties["items"] = new JsonObject
        {
            ["description"] = $"List of {resource.Resource.Resource}. More info: "
                + "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md",
            ["type"] = "array",
            ["items"] = new JsonObject { ["$ref"] = Reference + name },
        };
        properties["metadata"] = Referring(ListMeta, ListMetadataText);
        return new()
        {
            ["description"] = $"{resource.ListKind} is a list of {resource.Kind.Kind}",
            ["type"] = "object",
            ["required"] = new JsonArray("items"),
            ["properties"] = properties,
            ["x-kubernetes-group-version-kind"] = Kinds(resource.Kind with { Kind = resource.ListKind }),
        };
    }

    private static void AddTypeMeta(JsonObject properties)
    {
        properties["apiVersion"] = new JsonObject { ["description"] = ApiVersionText, ["type"] = "string" };
        properties["kind"] = new JsonObject { ["description"] = KindText, ["type"] = "string" };
    }

    private static JsonObject Referring(string definition, string description)
    {
        var all = new JsonArray();
        all.Add((JsonNode)new JsonObject { ["$ref"] = Reference + definition });
        return new() { ["description"] = description, ["allOf"] = all };
    }

    private static JsonArray Kinds(GroupVersionKind kind)
    {
        var kinds = new JsonArray();
        kinds.Add((JsonNode)new JsonObject { ["group"] = kind.Group, ["kind"] = kind.Kind, ["version"] = kind.Version });
        return kinds;
    }
}
