using System.Buffers;
using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>The objects and patches in the bodies of requests, and what has to be true of them before anything is done.</summary>
internal sealed class RequestObjects(ObjectRegistry registry)
{
    public PatchVerb Patches { get; } = new(registry.Options);

    /// <summary>The body as it came.</summary>
    public ValueTask<Outcome<ReadOnlyMemory<byte>>> ReadBodyAsync(ApiRequest api) => RequestBody.ReadAsync(api, registry.Options.MaxBodyBytes);

    /// <summary>Reads the body as the request's kind, in the served version.</summary>
    public async ValueTask<Outcome<JsonObject>> DecodeAsync(ResourceRequest request, FieldValidation validation) =>
        (await ReadAsync(request, validation)).TryGet(out var sent, out var failure) ? sent.Take() : failure;

    /// <summary>Reads the body likewise, for who may need it more than once.</summary>
    public async ValueTask<Outcome<SentObject>> ReadAsync(ResourceRequest request, FieldValidation validation)
    {
        var api = request.Api;
        if (!MediaTypes.OfBody(api.Http.Request).TryGet(out var media, out var failure)
            || !(await ReadBodyAsync(api)).TryGet(out var body, out failure))
        {
            return failure;
        }
        // status, resize and their like speak the object's own kind; scale and binding have one of theirs.
        var (kind, schema) = request.Subresource is { Schema: { } own } part && part.Kind != request.Resource.Kind
            ? (part.Kind, own)
            : (request.Resource.Kind, request.Resource.Schema);
        if (!ObjectDecoder.Decode(body.Span, media, kind, schema, validation, api.Warnings).TryGet(out var tree, out failure))
            return failure;
        api.Audit?.NoteRequest(tree, () => SchemaEncoder.Encode(tree, schema));
        return new SentObject(tree, () => ObjectDecoder.Decode(body.Span, media, kind, schema, FieldValidation.Ignore, []).Value);
    }

    /// <summary>Reads the body as the patch that its content type says it is, and what the query says of it.</summary>
    public async ValueTask<Outcome<(Patch Patch, WriteOptions Options)>> ReadPatchAsync(ResourceRequest request)
    {
        var api = request.Api;
        var http = api.Http.Request;
        var contentType = http.ContentType ?? "";
        if (!PatchVerb.CheckType(contentType, request.Resource.IsCustom).TryGet(out _, out var failure)
            || !(await ReadBodyAsync(api)).TryGet(out var body, out failure)
            || !WriteOptions.ParsePatch(http, PatchVerb.IsApply(contentType)).TryGet(out var options, out failure))
        {
            return failure;
        }
        var patch = Patches.Read(contentType, body, options.FieldValidation);
        // An apply's body may be YAML; the audit has it as JSON.
        api.Audit?.NoteBody(patch.Body);
        return (patch, options);
    }

    /// <summary>The tree of the served version as one of the stored version, defaulted.</summary>
    public static JsonObject ToStored(ResourceRequest request, JsonObject tree)
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

    /// <summary>An object's JSON in the version of the request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="obj">The object as it is kept.</param>
    /// <param name="tree">The same in the version in which the request writes.</param>
    public static ReadOnlyMemory<byte> ServedBytes(ResourceRequest request, CachedObject obj, JsonObject tree)
    {
        if (request.Resource.IsCustom)
            return SchemaEncoder.Encode(tree, request.Resource.Schema, emptyIsNull: true);
        if (request.Resource.Converter is null)
            return obj.Json;
        var output = new ArrayBufferWriter<byte>(obj.Json.Length + 256);
        FormSelector.PlainForm(request.Resource).WriteObject(obj, output);
        return output.WrittenMemory;
    }

    public static Status? NamespaceFault(ResourceRequest request, JsonObject tree)
    {
        var given = ObjectMetadata.Of(tree).Namespace;
        return request.Stored.Namespaced && given.Length > 0 && given != request.Namespace
            ? Status.BadRequest("the namespace of the provided object does not match the namespace sent on the request")
            : null;
    }

    public static Status? NameFault(ResourceRequest request, JsonObject tree)
    {
        var given = ObjectMetadata.Of(tree).Name;
        return given.Length == 0
                ? Status.BadRequest($"the name of the object ({request.Name} based on URL) was undeterminable: name must be provided")
            : given != request.Name
                ? Status.BadRequest($"the name of the object ({given}) does not match the name on the URL ({request.Name})")
            : null;
    }
}
