using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>Leads a request on a resource to its verb: what the path and the method mean is decided here, and only here.</summary>
internal sealed class ResourceDispatcher
{
    private readonly ObjectRegistry _registry;
    private readonly RequestObjects _objects;
    private readonly ListHandler _list;
    private readonly WatchHandler _watch;
    private readonly ListReader _listReader;
    private readonly GetVerb _get;
    private readonly CreateVerb _create;
    private readonly UpdateVerb _update;
    private readonly ApplyVerb _apply;
    private readonly DeleteVerb _delete;
    private readonly DeleteCollectionVerb _deleteCollection;
    private readonly ScaleEndpoint _scale;
    private readonly BindingEndpoint _binding;
    private readonly EvictionEndpoint _eviction;
    private readonly NodeBoundParts _nodeBound;
    private readonly VirtualResources _virtual;

    public ResourceDispatcher(ApiServerParts parts)
    {
        _registry = new(parts);
        _objects = new(_registry);
        _list = new(parts.Caches, parts.Store);
        _watch = new(parts.Caches, parts.Time, parts.Logging.CreateLogger<WatchHandler>());
        _listReader = new(parts.Caches, parts.Store);
        _get = new(_registry);
        _create = new(_registry);
        _update = new(_registry, _create);
        _apply = new(_registry, _update);
        _delete = new(_registry);
        _deleteCollection = new(_registry, _delete);
        _scale = new(_registry, _objects, _get, _update);
        _binding = new(_registry, _objects, _update);
        _eviction = new(_registry, _objects, new(_registry, _update, _delete));
        _nodeBound = new(_registry);
        _virtual = new(_registry, parts.VirtualResources);
    }

    /// <summary>Whether the path's group and version serve such a resource.</summary>
    public bool Serves(RequestInfo info) => _registry.Catalog.TryGet(info.GroupVersionResource, out _);

    /// <summary>Answers the request. A failure is what the client is told; null when an answer was written.</summary>
    public async ValueTask<Status?> HandleAsync(ApiRequest api)
    {
        var info = api.Info;
        if (info.HasEmptySegments || !_registry.Catalog.TryGet(info.GroupVersionResource, out var served))
            return Status.PathNotFound();

        // 1. What the path means.
        var isNamespace = info.Group.Length == 0 && info.Resource == "namespaces";
        var ns = served.Namespaced ? info.Namespace : "";
        var inNamespace = info.Namespace.Length > 0 && !isNamespace;
        var name = info.NameInPath ? info.Name : "";
        ServedSubresource? subresource = null;
        if (info.Subresource.Length > 0)
        {
            subresource = served.Subresource(info.Subresource);
            if (subresource is null && served.IsCustom)
                return Status.NotFound(served.Resource.GroupResource, info.Name);
            if (subresource is null || (info.Rest.Length > 0 && info.Subresource != "proxy"))
                return Status.PathNotFound();
        }
        if (inNamespace != served.Namespaced && (inNamespace || name.Length > 0))
            return Status.PathNotFound();
        if (info.IsDeprecatedWatchPath && subresource is not null)
            return Status.PathNotFound();

        // 2. What the method means there.
        if (!IsAllowed(api, served, subresource, name, inNamespace))
            return Status.MethodNotAllowed();
        if (name.Length > 0 && NameFault(name) is { } fault)
            return Status.BadRequest($"Name parameter invalid: {GoText.Quote(name)}: {fault}");
        if (RequestTimeout.Apply(api) is { } badTimeout)
            return badTimeout;
        if (Deprecation(served) is { } deprecated)
            api.Warnings.Add(deprecated);

        // 3. The form of the answer.
        if (!FormSelector.Choose(api, served).TryGet(out var form, out var notAcceptable))
            return notAcceptable;
        var request = new ResourceRequest
        {
            Api = api,
            Resource = served,
            Subresource = subresource,
            Namespace = ns,
            Name = name,
        };
        // A watch has no end to wait for: it comes as it is, a line an event.
        if (info.Verb == "watch" && api.WantsYaml)
            return FormSelector.NotAcceptable($"only the following media types are accepted: {MediaTypes.KnownStreams}");
        var pretty = info.Verb != "watch" && FormSelector.WantsPretty(api.Http.Request);
        return pretty || api.WantsYaml
            ? await AnswerShaper.RunAsync(api, pretty, () => RunAsync(request, form))
            : await RunAsync(request, form);
    }

    private async ValueTask<Status?> RunAsync(ResourceRequest request, ObjectForm form)
    {
        var (api, served) = (request.Api, request.Resource);
        if (api.Info.Verb == "create" && _virtual.Find(request) is { } answering)
            return await CreateVirtualAsync(request, form, answering);
        if (request.Subresource is not null)
            return await SubresourceAsync(request, form);
        if (request.Stored.IsVirtual)
        {
            if (served.Resource is { Group: "", Resource: "componentstatuses" })
                return await ComponentStatusesAsync(request, form);
            return served.Resource is { Group: "", Resource: "bindings" }
                ? await _binding.BindAsync(request, "")
                : Unsupported(served.Kind.Kind);
        }
        return api.Info.Verb switch
        {
            "get" => await GetAsync(request, form),
            "list" => await _list.HandleAsync(api, served, form),
            "watch" => await _watch.HandleAsync(api, served, form),
            "create" => await CreateAsync(request, form),
            "update" => await UpdateAsync(request, form),
            "patch" => await PatchAsync(request, form),
            "delete" => await DeleteAsync(request, form),
            "deletecollection" => await DeleteCollectionAsync(request, form),
            _ => Status.MethodNotAllowed(),
        };
    }

    private static async ValueTask<Status?> ComponentStatusesAsync(ResourceRequest request, ObjectForm form)
    {
        var all = ComponentStatuses.All(request.Stored);
        if (request.Name.Length == 0)
        {
            return await ListHandler.WriteAsync(request.Api, new ObjectList(new(Revision.None), default, all), form);
        }
        if (all.FirstOrDefault(c => c.Name == request.Name) is not { } found)
            return request.NotFound(request.Name);
        await AnswerWriter.WriteAsync(request.Api, 200, form, found);
        return null;
    }

    private static bool IsAllowed(ApiRequest api, ServedResource served, ServedSubresource? subresource, string name, bool inNamespace)
    {
        var verb = api.Info.Verb;
        if (HttpMethods.IsHead(api.Http.Request.Method) || verb.Length == 0)
            return false;
        // The deprecated watch paths say by themselves what is wanted, whatever the method: only GET is answered.
        if (verb == "watch" && !HttpMethods.IsGet(api.Http.Request.Method))
            return false;
        if (subresource is not null)
            return subresource.Verbs.Contains(verb);
        var onCollection = verb is "list" or "watch" or "create" or "deletecollection";
        var fits = verb == "watch" ? api.Info.IsDeprecatedWatchPath || name.Length == 0 : onCollection == (name.Length == 0);
        // Across namespaces there is only reading.
        var across = served.Namespaced && !inNamespace;
        return fits && served.Allows(verb) && (!across || verb is "list" or "watch");
    }

    /// <summary>What clients of a kind are told that is on its way out; null for the others.</summary>
    private static string? Deprecation(ServedResource served) => served.Kind switch
    {
        _ when served.DeprecationWarning.Length > 0 => served.DeprecationWarning,
        { Group: "", Version: "v1", Kind: "Endpoints" } => "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
        { Group: "", Version: "v1", Kind: "ComponentStatus" } => "v1 ComponentStatus is deprecated in v1.19+",
        _ => null,
    };

    private static string? NameFault(string name) =>
        name is "." or ".." ? $"may not be '{name}'"
        : name.Contains('/') ? "may not contain '/'"
        : name.Contains('%') ? "may not contain '%'"
        : null;

    /// <summary>What this server does not do yet, in clear words.</summary>
    internal static Status Unsupported(string kind) => new()
    {
        Code = 501,
        Reason = "NotImplemented",
        Message = $"{kind} is not supported by this server yet",
    };

    private async ValueTask<Status?> GetAsync(ResourceRequest request, ObjectForm form)
    {
        if (!(await _get.GetAsync(request)).TryGet(out var found, out var failure))
            return failure;
        if (form.NeedsPreparation && await form.PrepareAsync([found], request.Api.Cancellation) is { } unprepared)
            return unprepared;
        await AnswerWriter.WriteAsync(request.Api, 200, form, found);
        return null;
    }

    private async ValueTask<Status?> CreateAsync(ResourceRequest request, ObjectForm form)
    {
        var http = request.Api.Http.Request;
        if (!MediaTypes.OfBody(http).TryGet(out _, out var failure)
            || !WriteOptions.Parse(http, "CreateOptions").TryGet(out var options, out failure)
            || !(await _objects.DecodeAsync(request, options.FieldValidation)).TryGet(out var tree, out failure)
            || (failure = RequestObjects.NamespaceFault(request, tree)) is not null)
        {
            return failure;
        }
        return await AnswerAsync(request, form, await _create.CreateAsync(
            request, RequestObjects.ToStored(request, tree), options.DryRun, ManagerName.Of(http, options)));
    }

    private async ValueTask<Status?> CreateVirtualAsync(ResourceRequest request, ObjectForm form, IVirtualResource answering)
    {
        if (!MediaTypes.OfBody(request.Api.Http.Request).TryGet(out _, out var failure)
            || !WriteOptions.Parse(request.Api.Http.Request, "CreateOptions").TryGet(out var options, out failure)
            || !(await _objects.DecodeAsync(request, options.FieldValidation)).TryGet(out var tree, out failure)
            || (failure = RequestObjects.NamespaceFault(request, tree)) is not null)
        {
            return failure;
        }
        var manager = ManagerName.Of(request.Api.Http.Request, options);
        return await AnswerAsync(request, form, await _virtual.CreateAsync(request, answering, tree, options.DryRun, manager));
    }

    private async ValueTask<Status?> UpdateAsync(ResourceRequest request, ObjectForm form)
    {
        var http = request.Api.Http.Request;
        if (!WriteOptions.Parse(http, "UpdateOptions").TryGet(out var options, out var failure)
            || !(await _objects.ReadAsync(request, options.FieldValidation)).TryGet(out var sent, out failure)
            || (failure = RequestObjects.NamespaceFault(request, sent.Object) ?? RequestObjects.NameFault(request, sent.Object)) is not null)
        {
            return failure;
        }
        var manager = ManagerName.Of(http, options);
        Func<Outcome<JsonObject>>? createInstead = null;
        if (request.Stored.Strategy.AllowsCreateOnUpdate && request.Subresource is null)
        {
            createInstead = () =>
            {
                var fresh = RequestObjects.ToStored(request, sent.Take());
                var metadata = ObjectMetadata.Of(fresh);
                if (metadata.Uid.Length > 0)
                    return UpdateVerb.UidConflict(request, metadata.Uid, "");
                metadata.ResourceVersion = "";
                _registry.Fields.TrackCreate(request, fresh, manager);
                return fresh;
            };
        }
        return await AnswerAsync(request, form, await _update.UpdateAsync(
            request, options.DryRun,
            (_, old) =>
            {
                var next = RequestObjects.ToStored(request, sent.Take());
                _registry.Fields.TrackUpdate(request, old, next, manager);
                return new(next);
            },
            createInstead));
    }

    private async ValueTask<Status?> PatchAsync(ResourceRequest request, ObjectForm form)
    {
        var api = request.Api;
        if (!(await _objects.ReadPatchAsync(request)).TryGet(out var read, out var failure))
            return failure;
        var (patch, options) = read;
        if (patch.Kind == PatchKind.Apply)
            return await AnswerAsync(request, form, await _apply.ApplyAsync(request, patch, options));
        var manager = ManagerName.Of(api.Http.Request, options);
        return await AnswerAsync(request, form, await _update.UpdateAsync(request, options.DryRun, (current, old) =>
        {
            var json = RequestObjects.ServedBytes(request, current, old);
            if (!PatchVerb.ApplyTo(patch, json.Span, request.Resource.Kind, request.Resource.Schema, options.FieldValidation, api.Warnings)
                    .TryGet(out var tree, out var refused))
            {
                return new(refused);
            }
            tree["kind"] = request.Resource.Kind.Kind;
            tree["apiVersion"] = request.Resource.Kind.ApiVersion;
            if ((RequestObjects.NamespaceFault(request, tree) ?? RequestObjects.NameFault(request, tree)) is { } fault)
                return new(fault);
            tree = RequestObjects.ToStored(request, tree);
            _registry.Fields.TrackUpdate(request, old, tree, manager);
            return new(tree);
        }));
    }

    private async ValueTask<Status?> DeleteAsync(ResourceRequest request, ObjectForm form)
    {
        if (!(await DeleteOptions.ParseAsync(request.Api, _registry.Options.MaxBodyBytes)).TryGet(out var options, out var failure))
            return failure;
        return await AnswerAsync(request, form, await _delete.DeleteAsync(request, options));
    }

    private async ValueTask<Status?> DeleteCollectionAsync(ResourceRequest request, ObjectForm form)
    {
        var api = request.Api;
        if (!ListOptions.Parse(api.Http.Request.Query).TryGet(out var listOptions, out var failure)
            || !ObjectFilter.Create(request.Resource, request.Namespace, api.Info.Name, listOptions).TryGet(out var filter, out failure)
            || !(await DeleteOptions.ParseAsync(api, _registry.Options.MaxBodyBytes)).TryGet(out var options, out failure)
            || !(await _listReader.ReadAsync(request.Stored, request.Namespace, filter, listOptions, api.Cancellation)).TryGet(out var list, out failure))
        {
            return failure;
        }
        var objects = list.Objects.ToList();
        if (await _deleteCollection.DeleteAsync(request, objects, options) is { } failed)
            return failed;
        return await ListHandler.WriteAsync(api, list, form);
    }

    private async ValueTask<Status?> SubresourceAsync(ResourceRequest request, ObjectForm form)
    {
        var verb = request.Api.Info.Verb;
        switch (request.SubresourceName)
        {
            case "status" or "finalize" or "approval" or "ephemeralcontainers" or "resize":
                return verb switch
                {
                    "get" => await GetAsync(request, form),
                    "update" => await UpdateAsync(request, form),
                    "patch" => await PatchAsync(request, form),
                    _ => Status.MethodNotAllowed(),
                };
            case "scale" when request.Subresource!.Schema is not null:
                return await _scale.HandleAsync(request, form);
            case "binding":
                return await _binding.BindAsync(request, request.Name);
            case "eviction":
                return await _eviction.EvictAsync(request);
            default:
                return await _nodeBound.HandleAsync(request);
        }
    }

    private static async ValueTask<Status?> AnswerAsync(ResourceRequest request, ObjectForm form, Outcome<Written> outcome)
    {
        if (!outcome.TryGet(out var written, out var failure))
            return failure;
        if (written.Status is { } status)
        {
            await StatusWriter.WriteAsync(request.Api, status, form);
            return null;
        }
        if (form.NeedsPreparation && await form.PrepareAsync([written.Object!], request.Api.Cancellation) is { } unprepared)
            return unprepared;
        await AnswerWriter.WriteAsync(request.Api, written.Code ?? (written.Created ? 201 : 200), form, written.Object!);
        return null;
    }
}
