using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Registry;

/// <summary>
/// Server-side apply (KEP-555): a PATCH whose body says what its sender wants of an object. It is merged into what is there, or
/// becomes the object, and the sender owns the fields it named.
/// </summary>
internal sealed class ApplyVerb(ObjectRegistry registry, UpdateVerb update)
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    private const string Kubectl = "kubectl";
    private const int MaxAnnotationsLength = 256 * 1024;

    /// <summary>Applies a document to the object that the request names, or to its status.</summary>
    public ValueTask<Outcome<Written>> ApplyAsync(ResourceRequest request, Patch patch, WriteOptions options)
    {
        if (DocumentOf(patch) is var read && !read.TryGet(out var document, out var failure))
            return new(failure);
        var mayCreate = request.Subresource is null && request.Resource.Allows("create");
        return update.UpdateAsync(
            request, options.DryRun,
            (current, old) => new(Merged(request, patch, options, document, current, old)),
            mayCreate ? () => Created(request, patch, options, document) : null);
    }

    /// <summary>The document of a patch.</summary>
    public static Outcome<JsonObject> DocumentOf(Patch patch) => patch.Fault is { } fault ? fault : (JsonObject)patch.Tree!;

    /// <summary>What strict decoding has against a document: a warning, a refusal, or nothing.</summary>
    public static Status? CheckStrict(Patch patch, WriteOptions options, ICollection<string> warnings)
    {
        if (patch.Duplicates.Count == 0 || options.FieldValidation == FieldValidation.Ignore)
            return null;
        if (options.FieldValidation == FieldValidation.Strict)
            return Status.BadRequest($"error strict decoding YAML: {patch.Duplicates[0]}");
        ObjectDecoder.Warn(patch.Duplicates, warnings);
        return null;
    }

    private Outcome<JsonObject> Merged(
        ResourceRequest request, Patch patch, WriteOptions options, JsonObject document, CachedObject current, JsonObject old)
    {
        if (!ManagedFields.Of(ObjectMetadata.Of(old).Json).TryGet(out var managed, out var unread))
            return new Status { Code = 500, Message = $"failed to decode managed fields: {unread.Message}" };
        var live = (JsonObject)JsonNodes.Parse(RequestObjects.ServedBytes(request, current, old).Span)!;
        live.Object("metadata")?.Remove("managedFields");
        return Applied(request, patch, options, document, live, managed, old);
    }

    private Outcome<JsonObject> Created(ResourceRequest request, Patch patch, WriteOptions options, JsonObject document)
    {
        var live = FieldManager.Written([], request.Resource.Schema);
        if (!Applied(request, patch, options, document, live, ManagedFields.None, null).TryGet(out var tree, out var failure))
            return failure;
        var metadata = ObjectMetadata.Of(tree);
        if (metadata.Uid is { Length: > 0 } uid)
        {
            return Status.Conflict(
                request.GroupResource, request.Name, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        }
        // Unlike a POST, which must not name one.
        metadata.ResourceVersion = "";
        return tree;
    }

    /// <summary>The new state, in the stored version and defaulted, with its managedFields.</summary>
    private Outcome<JsonObject> Applied(
        ResourceRequest request, Patch patch, WriteOptions options, JsonObject document, JsonObject live, ManagedFields managed, JsonObject? old)
    {
        var fields = registry.Fields.For(request);
        var now = Timestamps.Seconds(request.Api.Received);
        if (!fields.Apply(live, document, managed, options.FieldManager, options.Force, now).TryGet(out var applied, out var failure))
            return failure;
        JsonObject tree;
        if (applied.Document is null && old is not null)
        {
            tree = (JsonObject)old.DeepClone();
        }
        else
        {
            if (!FieldManager.Decoded(applied.Document ?? live, request.Resource.Schema).TryGet(out var decoded, out failure))
                return Unconvertible(request, document, failure);
            tree = decoded;
            tree["kind"] = request.Resource.Kind.Kind;
            tree["apiVersion"] = request.Resource.Kind.ApiVersion;
            tree = RequestObjects.ToStored(request, tree);
        }
        applied.Managed.WriteTo(ObjectMetadata.Of(tree).Json);
        if (options.FieldManager == Kubectl)
            RememberApplied(tree, document);
        var fault = CheckStrict(patch, options, request.Api.Warnings)
            ?? RequestObjects.NamespaceFault(request, tree)
            ?? RequestObjects.NameFault(request, tree);
        return fault is null ? tree : fault;
    }

    private static Status Unconvertible(ResourceRequest request, JsonObject document, Status why)
    {
        var kind = request.Resource.Kind;
        var metadata = document.Object("metadata");
        return new()
        {
            Code = 500,
            Message = $"failed to convert new object ({metadata?.Text("namespace")}/{metadata?.Text("name")}; {kind.Group}/{kind.Version}, Kind={kind.Kind}) "
                + $"to proper version: unable to convert unstructured object to {kind}: {why.Message}",
        };
    }

    /// <summary>An object that kubectl once applied itself keeps its annotation up to date, so that it can go back.</summary>
    private static void RememberApplied(JsonObject tree, JsonObject document)
    {
        if (ObjectMetadata.Of(tree).Annotations is not { } annotations || annotations.Text(LastApplied) is not { Length: > 0 })
            return;
        var copy = (JsonObject)document.DeepClone();
        copy.Object("metadata").Object("annotations")?.Remove(LastApplied);
        annotations[LastApplied] = SortedJson.Text(copy) + "\n";
        if (annotations.Sum(a => a.Key.Length + (a.Value.AsText()?.Length ?? 0)) > MaxAnnotationsLength)
            annotations.Remove(LastApplied);
    }
}
