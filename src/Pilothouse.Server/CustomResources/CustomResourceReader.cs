using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Server.CustomResources;

/// <summary>Makes the descriptions of a custom resource from its definition.</summary>
/// <param name="conversions">Makes what converts between versions by webhook, from <c>spec.conversion.webhook</c>.</param>
internal sealed class CustomResourceReader(Func<JsonObject, GroupVersionKind, IObjectConversion> conversions)
{
    private static readonly string[] s_verbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
    private static readonly string[] s_terminatingVerbs = ["delete", "deletecollection", "get", "list", "watch"];
    private static readonly string[] s_partVerbs = ["get", "patch", "update"];
    private static readonly GroupVersionKind s_scale = new("autoscaling", "v1", "Scale");

    /// <summary>Reads a definition.</summary>
    /// <param name="definition">The definition, in the stored version.</param>
    /// <param name="before">What it made until now; null for nothing. Its collection stays, if that need not be another one.</param>
    /// <returns>Null when nothing is served: it is not established, or no version is to be.</returns>
    public CustomResource? Read(JsonObject definition, CustomResource? before)
    {
        var spec = definition.Object("spec");
        var names = definition.Object("status").Object("acceptedNames");
        if (spec is null || names is null || !DefinitionConditions.IsTrue(definition, DefinitionConditions.Established))
            return null;
        var versions = spec.Objects("versions").ToList();
        if (!versions.Any(v => v.Flag("served") == true) || names.Text("plural") is not { Length: > 0 } || names.Text("kind") is not { Length: > 0 })
            return null;
        var name = ObjectMetadata.Of(definition).Name;
        var terminating = DefinitionConditions.IsTrue(definition, DefinitionConditions.Terminating);
        var shape = spec.ToRelaxedJson() + names.ToRelaxedJson() + ObjectMetadata.Of(definition).Uid;
        if (before is not null && before.Shape == shape && before.IsTerminating == terminating)
            return before;
        var parts = before is not null && before.Shape == shape
            ? before.Served.Select(s => s.Stored).Append(before.Collection).DistinctBy(s => s.Kind.Version).ToDictionary(s => s.Kind.Version)
            : Describe(spec, names, versions);
        var collection = parts.Values.First().Collection;
        var served = versions
            .Where(v => v.Flag("served") == true)
            .OrderBy(v => v.Text("name")!, VersionOrder.NewestFirst)
            .Select(v => Serve(v, spec, names, versions, parts[v.Text("name")!], collection, terminating))
            .ToList();
        return new(name, shape, terminating, collection, served);
    }

    /// <summary>The descriptions of all versions, by name; they share a collection.</summary>
    private Dictionary<string, StoredResource> Describe(JsonObject spec, JsonObject names, List<JsonObject> versions)
    {
        var group = spec.Text("group") ?? "";
        var kindName = names.Text("kind")!;
        var metadata = BuiltInCatalog.MetaType("ObjectMeta");
        var types = versions.ToDictionary(
            v => v.Text("name")!,
            v => StructuralTypes.Of(
                v.Object("schema").Object("openAPIV3Schema") is { } schema ? StructuralSchemaReader.Read(schema) : null,
                metadata, new(group, v.Text("name")!, kindName)));
        var storage = (versions.Find(v => v.Flag("storage") == true) ?? versions[0]).Text("name")!;
        var webhook = spec.Object("conversion") is { } conversion && conversion.Text("strategy") == "Webhook" ? conversion.Object("webhook") : null;
        var shared = new CustomVersions(
            $"{group}/{storage}",
            types.ToDictionary(t => $"{group}/{t.Key}", t => t.Value),
            webhook is null ? null : conversions(webhook, new(group, storage, kindName)));
        var fields = versions
            .SelectMany(v => v.Objects("selectableFields")).Select(f => Label(f)).Distinct()
            .Select(label => new SelectableField(label, [label])).ToList();
        var resource = new GroupResource(group, names.Text("plural")!);

        StoredResource Make(JsonObject version, StoredResource? collection)
        {
            var name = version.Text("name")!;
            var subresources = version.Object("subresources");
            var description = new StoredResource
            {
                Resource = resource,
                Kind = new(group, name, kindName),
                Namespaced = spec.Text("scope") == "Namespaced",
                Schema = types[name],
                KeyPrefix = $"/{group}/{resource.Resource}/",
                SelectableFields = fields,
                Versions = shared,
                Collection = collection!,
                Strategy = new CustomResourceRules(types[name], subresources.Object("status") is not null, ScaleOf(version)),
            };
            return description;
        }

        var stored = Make(versions.First(v => v.Text("name") == storage), null);
        return versions.ToDictionary(v => v.Text("name")!, v => v.Text("name") == storage ? stored : Make(v, stored));
    }

    private static ServedResource Serve(
        JsonObject version, JsonObject spec, JsonObject names, List<JsonObject> versions, StoredResource stored, StoredResource collection, bool terminating)
    {
        var group = collection.Resource.Group;
        var name = version.Text("name")!;
        var kind = stored.Kind;
        var parts = new List<ServedSubresource>();
        if (version.Object("subresources").Object("status") is not null)
            parts.Add(new("status", kind, s_partVerbs, stored.Schema));
        var scale = ScaleOf(version);
        if (scale is not null)
            parts.Add(new("scale", s_scale, s_partVerbs, BuiltInCatalog.Types.Get("io.k8s.api.autoscaling.v1.Scale")) { NamesItsGroupVersion = true });
        var labels = version.Objects("selectableFields").Select(Label).ToHashSet();
        return new()
        {
            Resource = new(group, name, collection.Resource.Resource),
            Kind = kind,
            ListKind = names.Text("listKind") is { Length: > 0 } list ? list : kind.Kind + "List",
            Singular = names.Text("singular") ?? "",
            Namespaced = collection.Namespaced,
            Verbs = terminating ? s_terminatingVerbs : s_verbs,
            ShortNames = names.Texts("shortNames"),
            Categories = names.Texts("categories"),
            StorageVersionHash = HashOf(group, collection.Kind.Version, spec.Object("names")?.Text("kind") ?? kind.Kind),
            Schema = stored.Schema,
            Stored = stored,
            Subresources = parts,
            Printer = CustomTables.Of([.. version.Objects("additionalPrinterColumns")]),
            DeprecationWarning = version.Flag("deprecated") == true ? Deprecation(version, spec, versions) : "",
            IsTerminating = terminating,
            Scale = scale,
            SelectsNamespace = collection.Namespaced,
            FieldLabels = collection.SelectableFields.Where(f => labels.Contains(f.Label)).ToDictionary(f => f.Label),
            UnknownFieldLabelMessage = "field label not supported: {label}",
        };
    }

    private static ScalePaths? ScaleOf(JsonObject version) => version.Object("subresources").Object("scale") is not { } scale ? null
        : new(scale.Text("specReplicasPath") ?? "", scale.Text("statusReplicasPath") ?? "", scale.Text("labelSelectorPath") ?? "");

    private static string Label(JsonObject field) => (field.Text("jsonPath") ?? "").TrimStart('.');

    private static string Deprecation(JsonObject version, JsonObject spec, List<JsonObject> versions)
    {
        if (version.Text("deprecationWarning") is { } own)
            return own;
        var (group, kind) = (spec.Text("group"), spec.Object("names")?.Text("kind"));
        var name = version.Text("name")!;
        var better = versions
            .Where(v => v.Flag("served") == true && v.Flag("deprecated") != true)
            .Select(v => v.Text("name")!)
            .Where(v => VersionOrder.NewestFirst.Compare(v, name) < 0)
            .Order(VersionOrder.NewestFirst).FirstOrDefault();
        return $"{group}/{name} {kind} is deprecated" + (better is null ? "" : $"; use {group}/{better} {kind}");
    }

    /// <summary>By which clients see that what is stored is of another version now (discovery.StorageVersionHash).</summary>
    private static string HashOf(string group, string version, string kind) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{group}/{version}/{kind}")).AsSpan(0, 8));
}
