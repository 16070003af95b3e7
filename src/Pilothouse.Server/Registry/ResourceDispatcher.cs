using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>Leads a request on a resource to its verb: what the path and the method mean is decided here, and only here.</summary>
internal sealed class ResourceDispatcher
{
    private readonly ObjectRegistry _registry;
    private readonly ObjectDecoder _decoder;
    private readonly ListHandler _list;
    private readonly WatchHandler _watch;
    private readonly ListReader _listReader;
    private readonly GetVerb _get;
    private readonly CreateVerb _create;
    private readonly UpdateVerb _update;
    private readonly PatchVerb _patch;
    private readonly DeleteVerb _delete;
    private readonly DeleteCollectionVerb _deleteCollection;
    private readonly PodEviction _eviction;
    private readonly NodeBoundParts _nodeBound;
    private readonly VirtualResources _virtual;

    public ResourceDispatcher(ApiServerParts parts)
    {
        _registry = new(parts);
        _decoder = new(parts.Catalog);
        _list = new(parts.Caches, parts.Store);
        _watch = new(parts.Caches, parts.Time, parts.Logging.CreateLogger<WatchHandler>());
        _listReader = new(parts.Caches, parts.Store);
        _get = new(_registry);
        _create = new(_registry);
        _update = new(_registry, _create);
        _patch = new(parts.Options);
        _delete = new(_registry);
        _deleteCollection = new(_registry, _delete);
        _eviction = new(_registry, _update, _delete);
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
        if (Deprecation(served.Kind) is { } deprecated)
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
                ? await BindAsync(request, "")
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
            await ListHandler.WriteAsync(request.Api, new ObjectList(new(Revision.None), default, all), form);
            return null;
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
    private static string? Deprecation(GroupVersionKind kind) => kind switch
    {
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
        await AnswerWriter.WriteAsync(request.Api, 200, form, found);
        return null;
    }

    private async ValueTask<Status?> CreateAsync(ResourceRequest request, ObjectForm form)
    {
        if (!WriteOptions.Parse(request.Api.Http.Request, "CreateOptions").TryGet(out var options, out var failure)
            || !(await DecodeAsync(request, options.FieldValidation)).TryGet(out var tree, out failure)
            || (failure = NamespaceFault(request, tree)) is not null)
        {
            return failure;
        }
        return await AnswerAsync(request, form, await _create.CreateAsync(request, ToStored(request, tree), options.DryRun));
    }

    private async ValueTask<Status?> CreateVirtualAsync(ResourceRequest request, ObjectForm form, IVirtualResource answering)
    {
        if (!WriteOptions.Parse(request.Api.Http.Request, "CreateOptions").TryGet(out var options, out var failure)
            || !(await DecodeAsync(request, options.FieldValidation)).TryGet(out var tree, out failure)
            || (failure = NamespaceFault(request, tree)) is not null)
        {
            return failure;
        }
        return await AnswerAsync(request, form, await _virtual.CreateAsync(request, answering, tree, options.DryRun));
    }

    private async ValueTask<Status?> UpdateAsync(ResourceRequest request, ObjectForm form)
    {
        if (!WriteOptions.Parse(request.Api.Http.Request, "UpdateOptions").TryGet(out var options, out var failure)
            || !(await DecodeAsync(request, options.FieldValidation)).TryGet(out var tree, out failure)
            || (failure = NameFault(request, tree) ?? NamespaceFault(request, tree)) is not null)
        {
            return failure;
        }
        tree = ToStored(request, tree);
        Func<Outcome<JsonObject>>? createInstead = null;
        if (request.Stored.Strategy.AllowsCreateOnUpdate && request.Subresource is null)
        {
            createInstead = () =>
            {
                var fresh = (JsonObject)tree.DeepClone();
                var metadata = ObjectMetadata.Of(fresh);
                if (metadata.Uid.Length > 0)
                    return UpdateVerb.UidConflict(request, metadata.Uid, "");
                metadata.ResourceVersion = "";
                return fresh;
            };
        }
        return await AnswerAsync(request, form, await _update.UpdateAsync(
            request, options.DryRun, (_, _) => new((JsonObject)tree.DeepClone()), createInstead));
    }

    private async ValueTask<Status?> PatchAsync(ResourceRequest request, ObjectForm form)
    {
        var api = request.Api;
        if (!(await ReadPatchAsync(request)).TryGet(out var patch, out var failure)
            || !WriteOptions.Parse(api.Http.Request, "PatchOptions").TryGet(out var options, out failure))
        {
            return failure;
        }
        return await AnswerAsync(request, form, await _update.UpdateAsync(request, options.DryRun, (current, _) =>
        {
            var json = ServedBytes(request, current);
            if (!PatchVerb.ApplyTo(patch, json, request.Resource.Schema, options.FieldValidation, api.Warnings).TryGet(out var tree, out var refused))
                return new(refused);
            tree["kind"] = request.Resource.Kind.Kind;
            tree["apiVersion"] = request.Resource.Kind.ApiVersion;
            return NameFault(request, tree) is { } fault ? new(fault) : new(ToStored(request, tree));
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
        if (!(await DeleteOptions.ParseAsync(api, _registry.Options.MaxBodyBytes)).TryGet(out var options, out var failure)
            || !ListOptions.Parse(api.Http.Request.Query).TryGet(out var listOptions, out failure)
            || !ObjectFilter.Create(request.Resource, request.Namespace, api.Info.Name, listOptions).TryGet(out var filter, out failure)
            || !(await _listReader.ReadAsync(request.Stored, request.Namespace, filter, listOptions, api.Cancellation)).TryGet(out var list, out failure))
        {
            return failure;
        }
        var objects = list.Objects.ToList();
        if (await _deleteCollection.DeleteAsync(request, objects, options) is { } failed)
            return failed;
        await ListHandler.WriteAsync(api, list, form);
        return null;
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
                return await ScaleAsync(request, form);
            case "binding":
                return await BindAsync(request, request.Name);
            case "eviction":
                return await EvictAsync(request);
            default:
                return await _nodeBound.HandleAsync(request);
        }
    }

    private async ValueTask<Status?> ScaleAsync(ResourceRequest request, ObjectForm form)
    {
        var api = request.Api;
        Status? failure;
        Outcome<Written> outcome;
        // The object is written as its kind writes it: the scale is only another way to say how.
        var whole = request.WithSubresource("");
        switch (api.Info.Verb)
        {
            case "get":
                if (!(await _get.GetAsync(request)).TryGet(out var found, out failure))
                    return failure;
                outcome = new Written(found);
                break;
            case "update":
                if (!WriteOptions.Parse(api.Http.Request, "UpdateOptions").TryGet(out var options, out failure)
                    || !(await DecodeAsync(request, options.FieldValidation)).TryGet(out var scale, out failure)
                    || (failure = NameFault(request, scale) ?? NamespaceFault(request, scale)) is not null)
                {
                    return failure;
                }
                outcome = await _update.UpdateAsync(whole, options.DryRun, (_, old) => new(ScaleVerbs.ApplyTo(request, old, scale)));
                break;
            default:
                if (!(await ReadPatchAsync(request)).TryGet(out var patch, out failure)
                    || !WriteOptions.Parse(api.Http.Request, "PatchOptions").TryGet(out var patchOptions, out failure))
                {
                    return failure;
                }
                outcome = await _update.UpdateAsync(whole, patchOptions.DryRun, (current, old) =>
                    PatchVerb.ApplyTo(
                        patch, ScaleVerbs.BytesOf(request, current), request.Subresource!.Schema!, patchOptions.FieldValidation, api.Warnings)
                    .TryGet(out var changed, out var refused)
                        ? NameFault(request, changed) is { } fault ? new(fault) : new(ScaleVerbs.ApplyTo(request, old, changed))
                        : new(refused));
                break;
        }
        if (!outcome.TryGet(out var written, out failure))
            return failure;
        var shown = written.Object!;
        await AnswerWriter.WriteAsync(
            api, 200, form, CachedObjectReader.Read(request.Stored, shown.Key, ScaleVerbs.BytesOf(request, shown), shown.Revision));
        return null;
    }

    private async ValueTask<Status?> BindAsync(ResourceRequest request, string name)
    {
        if (!WriteOptions.Parse(request.Api.Http.Request, "CreateOptions").TryGet(out var options, out var failure)
            || !(await DecodeAsync(request, options.FieldValidation)).TryGet(out var binding, out failure)
            || (failure = NamespaceFault(request, binding)) is not null)
        {
            return failure;
        }
        var bound = ObjectMetadata.Of(binding).Name;
        if (name.Length > 0 && bound.Length > 0 && bound != name)
            return Status.BadRequest("name in URL does not match name in Binding object");
        if (PodBinding.Validate(binding) is { } invalid)
            return invalid;
        var pod = new ResourceRequest
        {
            Api = request.Api,
            Resource = PodResource(request),
            Subresource = PodResource(request).Subresource("binding"),
            Namespace = request.Namespace,
            Name = name.Length > 0 ? name : bound,
        };
        var now = Timestamps.Seconds(request.Api.Received);
        var outcome = await _update.UpdateAsync(pod, options.DryRun, (_, old) => new(PodBinding.ApplyTo(pod, old, binding, now)));
        if (outcome.Failure is { } refused)
            return refused;
        await StatusWriter.WriteAsync(request.Api, new Status { Code = 201, IsSuccess = true });
        return null;
    }

    private ServedResource PodResource(ResourceRequest request) =>
        _registry.Catalog.TryGet(new("", "v1", "pods"), out var pods) ? pods : request.Resource;

    private async ValueTask<Status?> EvictAsync(ResourceRequest request)
    {
        var api = request.Api;
        if (!WriteOptions.Parse(api.Http.Request, "CreateOptions").TryGet(out var options, out var failure)
            || !MediaTypes.OfBody(api.Http.Request).TryGet(out var media, out failure)
            || !(await RequestBody.ReadAsync(api, _registry.Options.MaxBodyBytes)).TryGet(out var body, out failure)
            || !_decoder.Decode(body.Span, media, request.Subresource!.Kind, request.Subresource.Schema!, options.FieldValidation, api.Warnings, "v1beta1")
                .TryGet(out _, out failure)
            || !BodyJson.Of(body.Span, media, request.Subresource.Schema!).TryGet(out var json, out failure))
        {
            return failure;
        }
        var evicted = await _eviction.EvictAsync(request, json, options);
        if (!evicted.IsSuccess)
            return evicted;
        await StatusWriter.WriteAsync(api, evicted);
        return null;
    }

    /// <summary>Reads the body as the request's kind, in the served version, with every default filled in.</summary>
    private async ValueTask<Outcome<JsonObject>> DecodeAsync(ResourceRequest request, FieldValidation validation)
    {
        var api = request.Api;
        if (!MediaTypes.OfBody(api.Http.Request).TryGet(out var media, out var failure)
            || !(await RequestBody.ReadAsync(api, _registry.Options.MaxBodyBytes)).TryGet(out var body, out failure))
        {
            return failure;
        }
        // status, resize and their like speak the object's own kind; scale and binding have one of theirs.
        var (kind, schema) = request.Subresource is { Schema: { } own } part && part.Kind != request.Resource.Kind
            ? (part.Kind, own)
            : (request.Resource.Kind, request.Resource.Schema);
        var decoded = _decoder.Decode(body.Span, media, kind, schema, validation, api.Warnings);
        if (api.Audit is { } record && decoded.TryGet(out var tree, out _))
            record.NoteRequest(tree, () => Encode(tree, schema));
        return decoded;
    }

    private async ValueTask<Outcome<Patch>> ReadPatchAsync(ResourceRequest request)
    {
        var api = request.Api;
        if (!PatchVerb.CheckType(api.Http.Request.ContentType ?? "").TryGet(out _, out var failure)
            || !(await RequestBody.ReadAsync(api, _registry.Options.MaxBodyBytes)).TryGet(out var body, out failure))
        {
            return failure;
        }
        api.Audit?.NoteBody(body);
        return _patch.Read(api.Http.Request.ContentType ?? "", body);
    }

    private static ReadOnlyMemory<byte> Encode(JsonObject tree, SchemaType schema)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>(1024);
        SchemaEncoder.Encode(tree, schema, output);
        return output.WrittenMemory;
    }

    /// <summary>The tree of the served version as one of the stored version, defaulted.</summary>
    private static JsonObject ToStored(ResourceRequest request, JsonObject tree)
    {
        var now = request.Api.Received;
        KindDefaults.Fill(tree, request.Resource.Schema, now);
        if (request.Resource.Converter is { } converter)
        {
            converter.ToStored(tree);
            KindDefaults.Fill(tree, request.Stored.Schema, now);
        }
        return tree;
    }

    private static ReadOnlySpan<byte> ServedBytes(ResourceRequest request, CachedObject obj)
    {
        if (request.Resource.Converter is null)
            return obj.Json.Span;
        var output = new System.Buffers.ArrayBufferWriter<byte>(obj.Json.Length + 256);
        FormSelector.PlainForm(request.Resource).WriteObject(obj, output);
        return output.WrittenSpan;
    }

    private static Status? NamespaceFault(ResourceRequest request, JsonObject tree)
    {
        var given = ObjectMetadata.Of(tree).Namespace;
        return request.Stored.Namespaced && given.Length > 0 && given != request.Namespace
            ? Status.BadRequest("the namespace of the provided object does not match the namespace sent on the request")
            : null;
    }

    private static Status? NameFault(ResourceRequest request, JsonObject tree)
    {
        var given = ObjectMetadata.Of(tree).Name;
        return given.Length == 0
                ? Status.BadRequest($"the name of the object ({request.Name} based on URL) was undeterminable: name must be provided")
            : given != request.Name
                ? Status.BadRequest($"the name of the object ({given}) does not match the name on the URL ({request.Name})")
            : null;
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
        await AnswerWriter.WriteAsync(request.Api, written.Code ?? (written.Created ? 201 : 200), form, written.Object!);
        return null;
    }
}
