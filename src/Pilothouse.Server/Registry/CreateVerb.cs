using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Storage;

namespace Pilothouse.Server.Registry;

/// <summary>POST on a collection, and PUT or apply of what does not exist yet.</summary>
internal sealed class CreateVerb(ObjectRegistry registry)
{
    /// <summary>How often a generated name is tried anew when it is taken.</summary>
    private const int MaxGeneratedNames = 8;

    /// <summary>Creates the object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tree">The new object in the stored version, defaulted; it is edited.</param>
    /// <param name="dryRun">Do everything but store.</param>
    /// <param name="manager">Whom its fields belong to; null when that is settled, and stands in the tree.</param>
    public async ValueTask<Outcome<Written>> CreateAsync(ResourceRequest request, JsonObject tree, bool dryRun, string? manager)
    {
        var metadata = ObjectMetadata.Of(tree);
        var generates = metadata.Name.Length == 0 && metadata.GenerateName.Length > 0;
        if (!generates)
            return (await TryCreateAsync(request, tree, dryRun, manager)).Result;
        for (var attempt = 1; ; attempt++)
        {
            var (result, taken) = await TryCreateAsync(request, (JsonObject)tree.DeepClone(), dryRun, manager);
            if (!taken || attempt == MaxGeneratedNames)
                return result;
        }
    }

    private async ValueTask<(Outcome<Written> Result, bool Taken)> TryCreateAsync(
        ResourceRequest request, JsonObject tree, bool dryRun, string? manager)
    {
        var stored = request.Stored;
        var strategy = stored.Strategy;
        var cancellation = request.Api.Cancellation;
        var context = registry.ContextOf(request, dryRun);
        var metadata = ObjectMetadata.Of(tree);
        var resourceVersion = metadata.ResourceVersion;

        // What only the server says of an object.
        metadata.Json.Remove("selfLink");
        metadata.DeletionTimestamp = "";
        metadata.DeletionGracePeriodSeconds = null;
        metadata.ResourceVersion = "";
        metadata.Uid = Guid.NewGuid().ToString();
        metadata.CreationTimestamp = Timestamps.Seconds(context.Now);
        if (!stored.Namespaced)
            metadata.Namespace = "";
        else if (metadata.Namespace.Length == 0)
            metadata.Namespace = request.Namespace;
        if (manager is not null)
            registry.Fields.TrackCreate(request, tree, manager);

        var admission = new AdmissionRequest
        {
            Operation = AdmissionOperation.Create,
            Context = context,
            Namespace = request.Namespace,
            Name = metadata.Name,
            Object = tree,
            Api = request.Api,
        };
        if (request.Resource.IsTerminating)
            return (Status.Forbidden(request.GroupResource, metadata.Name, "create not allowed while custom resource definition is terminating"), false);
        var account = metadata.Json.List("managedFields");
        if (await registry.Admission.MutateAsync(admission, cancellation) is { } refused)
            return (refused, false);
        FieldManagers.Restore(metadata.Json, account, request.Api.Warnings);
        OwnerReferences.Deduplicate(metadata, request.Api.Warnings);
        if (metadata.Name.Length == 0 && metadata.GenerateName.Length > 0)
            metadata.Name = NameGenerator.Generate(metadata.GenerateName);

        if (!(await strategy.BeginAsync(context, tree, null, cancellation)).TryGet(out var reservation, out var cannot) && cannot is not null)
            return (cannot, false);
        var kept = false;
        try
        {
            strategy.PrepareForCreate(context, tree);
            var errors = new FieldErrors();
            MetadataValidation.ValidateCreate(tree, stored.Namespaced, strategy.NameRule, errors);
            strategy.Validate(context, tree, errors);
            if (errors.Any)
                return (Status.Invalid(request.Stored.Kind.GroupKind, metadata.Name, errors.All), false);
            strategy.Warn(context, tree, null);

            if (await registry.Admission.ValidateAsync(admission.Named(metadata.Name), cancellation) is { } denied)
                return (denied, false);
            if (resourceVersion.Length > 0)
                return (new Status { Code = 500, Message = "resourceVersion should not be set on objects to be created" }, false);

            var key = stored.Key(request.Namespace, metadata.Name);
            if (!(await ObjectRegistry.EncodeAsync(stored, tree, cancellation)).TryGet(out var bytes, out var unconvertible))
                return (unconvertible, false);
            StoreWriteResult result;
            if (dryRun)
            {
                var existing = await registry.Store.GetAsync(key, Revision.None, cancellation);
                result = existing is null ? StoreWriteResult.Written(Revision.None) : StoreWriteResult.Refused(existing);
            }
            else
            {
                result = await registry.Store.WriteAsync(StoreWrite.Create(key, bytes, registry.TimeToLive(stored)), cancellation);
            }
            if (!result.Succeeded)
                return (AlreadyExists(request, metadata.Name, result.Current), true);
            if (reservation is not null && !dryRun)
            {
                kept = true;
                await reservation.KeepAsync(cancellation);
            }
            var answer = dryRun
                ? Answers.ObjectOf(stored, key, bytes, result.Revision)
                : registry.ReadWritten(stored, key, bytes, result.Revision);
            return (new Written(answer, Created: true), false);
        }
        finally
        {
            if (reservation is not null && !kept)
                await reservation.ReleaseAsync(CancellationToken.None);
        }
    }

    private static Status AlreadyExists(ResourceRequest request, string name, StoreEntry? existing)
    {
        var status = Status.AlreadyExists(request.GroupResource, name);
        var terminating = ObjectRegistry.Read(request.Stored, existing) is { } there
            && JsonNodes.Parse(there.Json.Span[there.Metadata]) is JsonObject metadata
            && new ObjectMetadata(metadata).DeletionTimestamp.Length > 0;
        return terminating ? status with { Message = $"object is being deleted: {status.Message}" } : status;
    }
}
