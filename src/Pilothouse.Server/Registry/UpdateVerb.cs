using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Schemas;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Registry;

/// <summary>
/// Changes an object: PUT, PATCH and the subresources that write differ only in how the new state is made from the old one.
/// The cached object is the first guess of the old state; when the store has another one, all is done again with that.
/// </summary>
internal sealed class UpdateVerb(ObjectRegistry registry, CreateVerb create)
{
    private const string Modified = "the object has been modified; please apply your changes to the latest version and try again";

    /// <summary>Makes the new state, in the stored version and defaulted.</summary>
    /// <param name="current">The object as it is.</param>
    /// <param name="old">Its tree, in the stored version; not to be edited.</param>
    public delegate ValueTask<Outcome<JsonObject>> Change(CachedObject current, JsonObject old);

    /// <summary>Asks admission about the part of an object that was written; a refusal, or null.</summary>
    public delegate ValueTask<Status?> Validation(JsonObject tree, JsonObject old);

    /// <summary>Updates the object that the request names.</summary>
    /// <param name="request">The request.</param>
    /// <param name="dryRun">Do everything but store.</param>
    /// <param name="change">Makes the new state; called again when somebody else was faster.</param>
    /// <param name="createInstead">Makes the object when there is none, for kinds that allow this; null: that is a 404.</param>
    /// <param name="validate">Validating admission of a part of the object that speaks a kind of its own; null for the object itself.</param>
    public async ValueTask<Outcome<Written>> UpdateAsync(
        ResourceRequest request, bool dryRun, Change change, Func<Outcome<JsonObject>>? createInstead = null, Validation? validate = null)
    {
        var cancellation = request.Api.Cancellation;
        var (stored, ns, name) = (request.Stored, request.Namespace, request.Name);
        var current = registry.Glance(stored, ns, name);
        var guessed = current is not null;
        current ??= await registry.ReadAsync(stored, ns, name, cancellation);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (current is null)
            {
                if (createInstead is null)
                    return request.NotFound(name);
                if (!createInstead().TryGet(out var fresh, out var cannot))
                    return cannot;
                if (await MayCreateAsync(request) is { } forbidden)
                    return forbidden;
                return await create.CreateAsync(request, fresh, dryRun, manager: null);
            }

            var warned = request.Api.Warnings.Count;
            var attempt = await TryAsync(request, dryRun, current, change, validate);
            if (attempt.Raced)
            {
                current = ObjectRegistry.Read(stored, attempt.Current);
                guessed = false;
            }
            else if (!guessed || attempt.Stored)
            {
                return attempt.Result;
            }
            else
            {
                // A refusal, or "nothing changed", was found with a guess: it counts only if the guess was right.
                var now = await registry.ReadAsync(stored, ns, name, cancellation);
                if (now?.Revision == current.Revision)
                    return attempt.Result;
                current = now;
                guessed = false;
            }
            request.Api.Warnings.RemoveRange(warned, request.Api.Warnings.Count - warned);
        }
    }

    private async ValueTask<Attempt> TryAsync(
        ResourceRequest request, bool dryRun, CachedObject current, Change change, Validation? validate)
    {
        var (stored, strategy, cancellation) = (request.Stored, request.Stored.Strategy, request.Api.Cancellation);
        var isPatch = request.Api.Info.Verb == "patch";
        if (!(await ObjectRegistry.TreeAsync(stored, current, cancellation)).TryGet(out var old, out var failure))
            return failure;
        var oldMetadata = ObjectMetadata.Of(old);
        if (!(await change(current, old)).TryGet(out var tree, out failure))
            return failure;
        var metadata = ObjectMetadata.Of(tree);

        // 1. Is it the object, and the state of it, that the client means?
        if (!isPatch && metadata.Uid.Length > 0 && metadata.Uid != oldMetadata.Uid)
            return UidConflict(request, metadata.Uid, oldMetadata.Uid);
        if (metadata.ResourceVersion.Length > 0 && NoVersion(metadata.ResourceVersion) is { } noVersion)
            return noVersion;
        if (metadata.ResourceVersion is "" or "0")
        {
            if (!strategy.AllowsUnconditionalUpdate)
                return MustNameVersion(request);
        }
        else if (metadata.ResourceVersion != oldMetadata.ResourceVersion)
        {
            return Status.Conflict(request.GroupResource, request.Name, Modified);
        }
        metadata.ResourceVersion = oldMetadata.ResourceVersion;
        metadata.Namespace = stored.Namespaced ? request.Namespace : "";

        // 2. Plugins edit it.
        var context = registry.ContextOf(request, dryRun);
        var admission = new AdmissionRequest
        {
            Operation = AdmissionOperation.Update,
            Context = context,
            Namespace = request.Namespace,
            Name = request.Name,
            Object = tree,
            OldObject = old,
            Api = request.Api,
        };
        var account = metadata.Json.List("managedFields");
        if (!request.IsOwnStep && await registry.Admission.MutateAsync(admission, cancellation) is { } refused)
            return refused;
        FieldManagers.Restore(metadata.Json, account, request.Api.Warnings);
        OwnerReferences.Deduplicate(metadata, request.Api.Warnings);

        // 3. The kind's rules, and what never changes.
        if (!(await strategy.BeginAsync(context, tree, old, cancellation)).TryGet(out var reservation, out var cannot) && cannot is not null)
            return cannot;
        var kept = false;
        try
        {
            Carry(metadata, oldMetadata);
            strategy.PrepareForUpdate(context, tree, old);
            var errors = new FieldErrors();
            MetadataValidation.ValidateUpdate(tree, old, stored.Namespaced, strategy.NameRule, errors);
            strategy.ValidateUpdate(context, tree, old, errors);
            if (errors.Any)
                return Status.Invalid(request.Stored.Kind.GroupKind, metadata.Name, errors.All);
            strategy.Warn(context, tree, old);
            if (!request.IsOwnStep && await registry.Admission.ValidateAsync(admission, cancellation) is { } denied)
                return denied;
            if (validate is not null && await validate(tree, old) is { } partDenied)
                return partDenied;

            // 4. The last finalizer went: so does the object.
            if (!(await ObjectRegistry.EncodeAsync(stored, tree, cancellation)).TryGet(out var bytes, out failure))
                return failure;
            if (Deletion.EndsWith(strategy, tree, old))
                return await DeleteAsync(request, current, context, tree, bytes, dryRun);

            // 5. Store it, unless it is what is stored.
            if (!current.IsStale && (CachedObjectReader.IsOf(current, bytes)
                || await DiffersInTimesOnlyAsync(stored, tree, metadata, oldMetadata, current, cancellation)))
                return new Attempt(new Written(current)) { Stored = false };
            if (dryRun)
                return new Attempt(new Written(Answers.ObjectOf(stored, current.Key, bytes, current.Revision))) { Stored = false };
            var result = await registry.Store.WriteAsync(
                StoreWrite.Update(current.Key, bytes, current.Revision, registry.TimeToLive(stored)), cancellation);
            if (!result.Succeeded)
                return new Attempt(default) { Raced = true, Current = result.Current };
            if (reservation is not null)
            {
                kept = true;
                await reservation.KeepAsync(cancellation);
            }
            return new Attempt(new Written(registry.ReadWritten(stored, current.Key, bytes, result.Revision))) { Stored = true };
        }
        finally
        {
            if (reservation is not null && !kept)
                await reservation.ReleaseAsync(CancellationToken.None);
        }
    }

    private async ValueTask<Attempt> DeleteAsync(
        ResourceRequest request, CachedObject current, WriteContext context, JsonObject tree, byte[] bytes, bool dryRun)
    {
        var cancellation = request.Api.Cancellation;
        var answer = new Written(Answers.ObjectOf(request.Stored, current.Key, bytes, current.Revision));
        if (dryRun)
            return new Attempt(answer) { Stored = false };
        var result = await registry.Store.WriteAsync(StoreWrite.Delete(current.Key, current.Revision), cancellation);
        if (!result.Succeeded)
            return new Attempt(default) { Raced = true, Current = result.Current };
        await request.Stored.Strategy.DeletedAsync(context, tree, cancellation);
        return new Attempt(answer) { Stored = true };
    }

    /// <summary>Whether nothing is new but when somebody wrote: then nothing is written (upstream: avoid no-op timestamp updates).</summary>
    private static async ValueTask<bool> DiffersInTimesOnlyAsync(
        StoredResource stored, JsonObject tree, ObjectMetadata metadata, ObjectMetadata oldMetadata, CachedObject current,
        CancellationToken cancellationToken)
    {
        if (!ManagedFields.Of(metadata.Json).TryGet(out var managed, out _)
            || !ManagedFields.Of(oldMetadata.Json).TryGet(out var before, out _)
            || !managed.DifferInTimesOnly(before))
        {
            return false;
        }
        before.WriteTo(metadata.Json);
        if ((await ObjectRegistry.EncodeAsync(stored, tree, cancellationToken)).TryGet(out var bytes, out _) && CachedObjectReader.IsOf(current, bytes))
        {
            return true;
        }
        managed.WriteTo(metadata.Json);
        return false;
    }

    /// <summary>An update that makes an object needs the right to create it.</summary>
    private async ValueTask<Status?> MayCreateAsync(ResourceRequest request)
    {
        var info = request.Api.Info;
        var attributes = new AuthorizationAttributes
        {
            User = request.Api.User,
            Verb = "create",
            IsResourceRequest = true,
            Path = info.Path,
            Namespace = request.Namespace,
            Group = info.Group,
            Version = info.Version,
            Resource = info.Resource,
            Subresource = info.Subresource,
            Name = request.Name,
        };
        var decision = await registry.Authorization.AuthorizeAsync(attributes, request.Api.Cancellation);
        return decision.Verdict == AuthorizationVerdict.Allow ? null : AuthorizerChain.Refuse(attributes, decision.Reason);
    }

    /// <summary>What an update can never change, whatever it says.</summary>
    private static void Carry(ObjectMetadata metadata, ObjectMetadata old)
    {
        if (metadata.Uid.Length == 0)
            metadata.Uid = old.Uid;
        metadata.CreationTimestamp = old.CreationTimestamp;
        metadata.Json.Remove("selfLink");
        if (old.DeletionTimestamp.Length > 0)
            metadata.DeletionTimestamp = old.DeletionTimestamp;
        if (old.DeletionGracePeriodSeconds is { } grace && metadata.DeletionGracePeriodSeconds is null)
            metadata.DeletionGracePeriodSeconds = grace;
    }

    /// <summary>The object is not the one that the client means.</summary>
    public static Status UidConflict(ResourceRequest request, string given, string actual) => Status.Conflict(
        request.GroupResource, request.Name,
        $"StorageError: invalid object, Code: 4, Key: /registry{request.Stored.Key(request.Namespace, request.Name)}, ResourceVersion: 0, "
        + $"AdditionalErrorMsg: Precondition failed: UID in precondition: {given}, UID in object meta: {actual}");

    private static Status? NoVersion(string version) =>
        ulong.TryParse(version, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _) ? null
            : new() { Code = 500, Message = $"strconv.ParseUint: parsing {GoText.Quote(version)}: invalid syntax" };

    private static Status MustNameVersion(ResourceRequest request) => Status.Invalid(
        new(request.GroupResource.Group, request.GroupResource.Resource), request.Name,
        [FieldError.Invalid("metadata.resourceVersion", 0L, "must be specified for an update")]);

    /// <summary>One try: what came of it, or that somebody else wrote in between.</summary>
    private readonly record struct Attempt(Outcome<Written> Result)
    {
        /// <summary>The store has taken it: it counts, whatever it was made from.</summary>
        public bool Stored { get; init; }

        public bool Raced { get; init; }

        public StoreEntry? Current { get; init; }

        public static implicit operator Attempt(Status failure) => new((Outcome<Written>)failure);
    }
}
