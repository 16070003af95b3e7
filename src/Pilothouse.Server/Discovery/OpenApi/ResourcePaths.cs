using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>The paths of one resource in one version: collection, item, subresources, and the deprecated watch paths.</summary>
internal sealed class ResourcePaths(ServedResource resource, string root, GroupName group, OperationParameters parameters)
{
    private const string Patch = ApiPaths.Meta + "Patch";
    private const string DeleteOptions = ApiPaths.Meta + "DeleteOptions";
    private const string Status = ApiPaths.Meta + "Status";
    private const string WatchEvent = ApiPaths.Meta + "WatchEvent";

    private static readonly string[] Streamed =
    [
        "application/json", "application/yaml", "application/vnd.kubernetes.protobuf", "application/json;stream=watch",
        "application/vnd.kubernetes.protobuf;stream=watch",
    ];

    private static readonly string[] PatchTypes =
    [
        "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json",
        "application/apply-patch+yaml",
    ];

    /// <summary>Resources whose DELETE answers with the object, and not with a Status.</summary>
    private static readonly HashSet<GroupResource> DeleteAnswersObject =
    [
        new("", "persistentvolumeclaims"), new("", "persistentvolumes"), new("", "pods"), new("", "podtemplates"),
        new("", "resourcequotas"), new("", "serviceaccounts"), new("", "services"), new("resource.k8s.io", "deviceclasses"),
        new("resource.k8s.io", "resourceclaims"), new("resource.k8s.io", "resourceclaimtemplates"),
        new("resource.k8s.io", "resourceslices"), new("storage.k8s.io", "csidrivers"), new("storage.k8s.io", "csinodes"),
        new("storage.k8s.io", "storageclasses"), new("storage.k8s.io", "volumeattachments"),
        new("storage.k8s.io", "volumeattributesclasses"),
    ];

    private readonly string _kind = resource.Kind.Kind;
    private readonly string _plural = resource.Resource.Resource;
    private readonly string _definition = resource.IsCustom ? CustomDefinitions.NameOf(resource.Kind) : resource.Schema.Definition;
    private readonly string _gv = group.With(resource.Resource.Version);
    private readonly string _tag = group.Tag(resource.Resource.Version);
    private readonly string _scope = resource.Namespaced ? "Namespaced" : "";

    // Merging by key takes a Go type.
    private IReadOnlyList<string> OwnPatchTypes =>
        resource.IsCustom ? [.. PatchTypes.Where(t => !t.Contains("strategic", StringComparison.Ordinal))] : PatchTypes;

    private string Document => root[1..];

    private string CollectionPath => resource.Namespaced ? $"{root}/namespaces/{{namespace}}/{_plural}" : $"{root}/{_plural}";

    private string ItemPath => CollectionPath + "/{name}";

    public IEnumerable<ApiPath> All()
    {
        List<ApiPath?> paths =
        [
            Path(CollectionPath, [List(), Create(), DeleteCollection()]),
            Path(ItemPath, [Get(), Replace(), PatchItem(), Delete()]),
        ];
        if (resource.Namespaced && resource.Allows("list"))
            paths.Add(Path($"{root}/{_plural}", [ListAll()]));
        // The deprecated paths are older than custom resources, and not published with them.
        if (resource.Allows("watch") && !resource.IsCustom)
        {
            paths.Add(Path(WatchPath(CollectionPath), [WatchList("watch" + _gv + _scope + _kind + "List", Collection())]));
            paths.Add(Path(WatchPath(ItemPath), [WatchItem()]));
            if (resource.Namespaced)
            {
                paths.Add(Path(
                    $"{root}/watch/{_plural}", [WatchList($"watch{_gv}{_kind}ListForAllNamespaces", [parameters.Pretty])]));
            }
        }
        foreach (var subresource in resource.Subresources)
            paths.AddRange(SubresourcePaths(subresource));
        return paths.OfType<ApiPath>();
    }

    private string WatchPath(string path) => $"{root}/watch{path[root.Length..]}";

    private ApiPath? Path(string path, IEnumerable<ApiOperation?> operations) =>
        operations.OfType<ApiOperation>().ToList() is { Count: > 0 } some ? new(path, Document, some) : null;

    private IEnumerable<ApiParameter> Collection() => resource.Namespaced ? [parameters.Namespace, parameters.Pretty] : [parameters.Pretty];

    private IEnumerable<ApiParameter> Item() => [OperationParameters.Name(_kind), .. Collection()];

    private ApiOperation Operation(
        string method, string id, string description, string action, IEnumerable<ApiParameter> all, params ApiResponse[] responses) =>
        new(method, id, _tag, description)
        {
            Action = action,
            Kind = resource.Kind,
            Parameters = Sorted(all),
            Responses = responses,
        };

    private static IReadOnlyList<ApiParameter> Sorted(IEnumerable<ApiParameter> parameters) =>
        [.. parameters.OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.In, StringComparer.Ordinal)];

    private static ApiResponse Ok(string definition) => new(200, "OK", definition);

    private static ApiResponse Created(string definition) => new(201, "Created", definition);

    private static ApiResponse Accepted(string definition) => new(202, "Accepted", definition);

    private static string Article(string noun) => "aeiouAEIOU".Contains(noun[0]) ? "an " : noun.EndsWith('s') && !noun.EndsWith("ss", StringComparison.Ordinal) ? "" : "a ";

    private string ListDescription => resource.Allows("watch") ? $"list or watch objects of kind {_kind}" : $"list objects of kind {_kind}";

    private ApiOperation? List() => !resource.Allows("list") ? null
        : Operation("get", $"list{_gv}{_scope}{_kind}", ListDescription, "list", [.. Collection(), .. parameters.ForList], Ok(_definition + "List"))
            with { Produces = ListTypes };

    private ApiOperation ListAll() =>
        Operation(
            "get", $"list{_gv}{_kind}ForAllNamespaces", ListDescription, "list", [parameters.Pretty, .. parameters.ForList],
            Ok(_definition + "List")) with { Produces = ListTypes };

    private string[] ListTypes => resource.Allows("watch") ? Streamed : [.. ApiOperation.Serializations];

    private ApiOperation? Create() => !resource.Allows("create") ? null
        : Operation(
            "post", $"create{_gv}{_scope}{_kind}", $"create {Article(_kind)}{_kind}", "post", [.. Collection(), .. parameters.ForCreate],
            Ok(_definition), Created(_definition), Accepted(_definition)) with { Body = _definition };

    private ApiOperation? DeleteCollection() => !resource.Allows("deletecollection") ? null
        : Operation(
            "delete", $"delete{_gv}Collection{_scope}{_kind}", $"delete collection of {_kind}", "deletecollection",
            [.. Collection(), .. parameters.ForDeleteCollection], Ok(Status)) with { Body = DeleteOptions, BodyRequired = false };

    private ApiOperation? Get() => !resource.Allows("get") ? null
        : Operation("get", $"read{_gv}{_scope}{_kind}", $"read the specified {_kind}", "get", Item(), Ok(_definition));

    private ApiOperation? Replace() => !resource.Allows("update") ? null
        : Operation(
            "put", $"replace{_gv}{_scope}{_kind}", $"replace the specified {_kind}", "put", [.. Item(), .. parameters.ForReplace],
            Ok(_definition), Created(_definition)) with { Body = _definition };

    private ApiOperation? PatchItem() => !resource.Allows("patch") ? null
        : Operation(
            "patch", $"patch{_gv}{_scope}{_kind}", $"partially update the specified {_kind}", "patch",
            [.. Item(), .. parameters.ForPatch], Ok(_definition), Created(_definition)) with { Body = Patch, Consumes = OwnPatchTypes };

    private ApiOperation? Delete()
    {
        if (!resource.Allows("delete"))
            return null;
        var answer = DeleteAnswersObject.Contains(resource.Resource.GroupResource) ? _definition : Status;
        return Operation(
            "delete", $"delete{_gv}{_scope}{_kind}", $"delete {Article(_kind)}{_kind}", "delete", [.. Item(), .. parameters.ForDelete],
            Ok(answer), Accepted(answer)) with { Body = DeleteOptions, BodyRequired = false };
    }

    private ApiOperation WatchList(string id, IEnumerable<ApiParameter> scope) =>
        Operation(
            "get", id,
            $"watch individual changes to a list of {_kind}. deprecated: use the 'watch' parameter with a list operation instead.",
            "watchlist", [.. scope, .. parameters.ForList], Ok(WatchEvent)) with { Produces = Streamed };

    private ApiOperation WatchItem() =>
        Operation(
            "get", $"watch{_gv}{_scope}{_kind}",
            $"watch changes to an object of kind {_kind}. deprecated: use the 'watch' parameter with a list operation instead, "
            + "filtered to a single item with the 'fieldSelector' parameter.",
            "watch", [.. Item(), .. parameters.ForList], Ok(WatchEvent)) with { Produces = Streamed };

    private IEnumerable<ApiPath?> SubresourcePaths(ServedSubresource subresource)
    {
        var path = $"{ItemPath}/{subresource.Name}";
        if (subresource.Name is "attach" or "exec" or "portforward" or "proxy")
        {
            yield return Path(path, Connects(subresource, withRest: false));
            if (subresource.Name == "proxy")
                yield return Path(path + "/{path}", Connects(subresource, withRest: true));
            yield break;
        }
        if (subresource.Name == "log")
        {
            yield return Path(
                path,
                [
                    Operation(
                        "get", $"read{_gv}{_scope}{_kind}Log", $"read log of the specified {_kind}", "get",
                        [.. Item(), .. parameters.ForLog], Ok("")) with { Produces = ["text/plain", .. ApiOperation.Serializations] },
                ]);
            yield break;
        }
        yield return Path(path, Writes(subresource));
    }

    private IEnumerable<ApiOperation> Writes(ServedSubresource subresource)
    {
        var name = subresource.Name;
        var suffix = _scope + _kind + GroupName.Capital(name);
        var definition = subresource.Kind == resource.Kind ? _definition : (subresource.Schema ?? resource.Schema).Definition;
        foreach (var verb in subresource.Verbs)
        {
            ApiOperation? operation = verb switch
            {
                "get" => Operation("get", $"read{_gv}{suffix}", $"read {name} of the specified {_kind}", "get", Item(), Ok(definition)),
                "update" => Operation(
                    "put", $"replace{_gv}{suffix}", $"replace {name} of the specified {_kind}", "put",
                    [.. Item(), .. parameters.ForReplace], Ok(definition), Created(definition)) with { Body = definition },
                "patch" => Operation(
                    "patch", $"patch{_gv}{suffix}", $"partially update {name} of the specified {_kind}", "patch",
                    [.. Item(), .. parameters.ForPatch], Ok(definition), Created(definition)) with { Body = Patch, Consumes = OwnPatchTypes },
                "create" => Operation(
                    "post", $"create{_gv}{suffix}", $"create {name} of {Article(_kind)}{_kind}", "post",
                    [.. Item(), .. parameters.ForCreate], Ok(definition), Created(definition), Accepted(definition)) with { Body = definition },
                _ => null,
            };
            if (operation is not null)
                yield return operation with { Kind = subresource.Kind };
        }
    }

    private IEnumerable<ApiOperation> Connects(ServedSubresource subresource, bool withRest)
    {
        string[] methods = subresource.Name == "proxy" ? ["get", "put", "post", "delete", "options", "head", "patch"] : ["get", "post"];
        List<ApiParameter> all = [.. Item().Where(p => p.Name != "pretty"), .. parameters.ForConnect(_plural, subresource.Name)];
        if (withRest)
            all.Add(OperationParameters.Rest);
        foreach (var method in methods)
        {
            var suffix = GroupName.Capital(method) + _scope + _kind + GroupName.Capital(subresource.Name) + (withRest ? "WithPath" : "");
            yield return Operation(
                method, $"connect{_gv}{suffix}", $"connect {method.ToUpperInvariant()} requests to {subresource.Name} of {_kind}",
                "connect", all, Ok("")) with { Kind = subresource.Kind, Produces = ["*/*"] };
        }
    }
}
