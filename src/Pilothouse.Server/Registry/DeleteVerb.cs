using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.Registry;

/// <summary>
/// DELETE of one object. It goes at once, or it is marked with a deletionTimestamp and stays: for its finalizers, for the grace
/// that its kind gives it, or until its kind lets it go.
/// </summary>
internal sealed class DeleteVerb(ObjectRegistry registry)
{
    public ValueTask<Outcome<Written>> DeleteAsync(ResourceRequest request, DeleteOptions options) =>
        DeleteAsync(request, request.Name, request.Namespace, options);

    /// <summary>Deletes one object of the request's resource.</summary>
    public async ValueTask<Outcome<Written>> DeleteAsync(ResourceRequest request, string name, string ns, DeleteOptions options)
    {
        var (stored, cancellation) = (request.Stored, request.Api.Cancellation);
        var context = registry.ContextOf(request, options.DryRun);
        if (options.SaysNothingOfDependents && stored.Strategy.UndecidedDeletionWarning is { Length: > 0 } warning)
            request.Api.Warnings.Add(warning);

        var current = registry.Glance(stored, ns, name);
        var guessed = current is not null;
        current ??= await registry.ReadAsync(stored, ns, name, cancellation);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (current is null)
                return request.NotFound(name);
            var (result, raced, now) = await TryAsync(request, context, current, name, ns, options);
            if (raced)
            {
                current = ObjectRegistry.Read(stored, now);
                guessed = false;
                continue;
            }
            if (result.Succeeded && result.Value.IsStored || !guessed)
                return result.Succeeded ? result.Value.Written : result.Failure;
            var fresh = await registry.ReadAsync(stored, ns, name, cancellation);
            if (fresh?.Revision == current.Revision)
                return result.Succeeded ? result.Value.Written : result.Failure;
            current = fresh;
            guessed = false;
        }
    }

    private async ValueTask<(Outcome<Try> Result, bool Raced, StoreEntry? Now)> TryAsync(
        ResourceRequest request, WriteContext context, CachedObject current, string name, string ns, DeleteOptions options)
    {
        var (stored, strategy, cancellation) = (request.Stored, request.Stored.Strategy, request.Api.Cancellation);
        if (!(await ObjectRegistry.TreeAsync(stored, current, cancellation)).TryGet(out var old, out var unconvertible))
            return (unconvertible, false, null);
        var tree = (JsonObject)old.DeepClone();
        var metadata = ObjectMetadata.Of(tree);

        // 1. Is it the one that the client means, and may it go?
        if (Precondition(request, options, metadata, name) is { } conflict)
            return (conflict, false, null);
        if (strategy.CheckDelete(context, tree) is { } kindRefuses)
            return (kindRefuses, false, null);
        var admission = new AdmissionRequest
        {
            Operation = AdmissionOperation.Delete,
            Context = context,
            Namespace = ns,
            Name = name,
            OldObject = old,
            Api = request.Api,
            DeleteOptions = options.ToJson,
        };
        if (!request.IsOwnStep
            && (await registry.Admission.MutateAsync(admission, cancellation) ?? await registry.Admission.ValidateAsync(admission, cancellation)) is { } denied)
        {
            return (denied, false, null);
        }

        // 2. What holds it?
        var grace = GraceOf(context, strategy, tree, options);
        if (grace is Grace.Pending)
            return (new Try(new Written(current), false), false, null);
        // What is only marked at first is deleted by the policy of that request or of a later one, but not while it holds itself.
        var marks = strategy.MarksBeforeDeletion && metadata.DeletionTimestamp.Length == 0;
        var settles = marks ? strategy.MarkSettlesDependents : !HoldsItself(strategy, tree, metadata);
        var changed = settles && Deletion.SetPolicyFinalizers(metadata, options, strategy, marks);
        var held = metadata.Finalizers is { Count: > 0 };
        var stays = held || grace is Grace.Begun { Seconds: > 0 } || HoldsItself(strategy, tree, metadata);
        if (stays)
        {
            var newlyMarked = metadata.DeletionTimestamp.Length == 0;
            if (grace is not Grace.Begun)
            {
                if (strategy.MarksBeforeDeletion)
                    MarkOnly(metadata, context);
                else
                    Deletion.Mark(metadata, context.Now);
            }
            if (newlyMarked || grace is Grace.Begun)
                strategy.PrepareForDeletion(context, tree);
            return await StoreMarkAsync(request, current, tree, options);
        }

        // 3. Nothing: it goes.
        if (changed || grace is Grace.Begun)
        {
            if (!(await ObjectRegistry.EncodeAsync(stored, tree, cancellation)).TryGet(out var bytes, out unconvertible))
                return (unconvertible, false, null);
            var marked = Answers.ObjectOf(stored, current.Key, bytes, current.Revision);
            if (grace is Grace.Begun && !options.DryRun)
            {
                // A deletion with no grace is still one that watchers see begin, and then end.
                var mark = await registry.Store.WriteAsync(StoreWrite.Update(current.Key, bytes, current.Revision), cancellation);
                if (!mark.Succeeded)
                    return (default, true, mark.Current);
                current = marked = registry.ReadWritten(stored, current.Key, bytes, mark.Revision);
            }
            return await RemoveAsync(request, context, current, marked, tree, options);
        }
        return await RemoveAsync(request, context, current, current, tree, options);
    }

    /// <summary>A kind that is only marked by the first deletion, and goes with a later one when nothing holds it.</summary>
    private static bool HoldsItself(ResourceStrategy strategy, JsonObject tree, ObjectMetadata metadata) =>
        strategy.MarksBeforeDeletion && (metadata.DeletionTimestamp.Length == 0 || strategy.HoldsDeletion(tree));

    private static void MarkOnly(ObjectMetadata metadata, WriteContext context)
    {
        if (metadata.DeletionTimestamp.Length == 0)
            metadata.DeletionTimestamp = Timestamps.Seconds(context.Now);
    }

    private async ValueTask<(Outcome<Try> Result, bool Raced, StoreEntry? Now)> StoreMarkAsync(
        ResourceRequest request, CachedObject current, JsonObject tree, DeleteOptions options)
    {
        var stored = request.Stored;
        if (!(await ObjectRegistry.EncodeAsync(stored, tree, request.Api.Cancellation)).TryGet(out var bytes, out var unconvertible))
            return (unconvertible, false, null);
        // Whoever asked for the dependents to go first has to wait for it.
        int? code = options.OrphanDependents == false ? 202 : null;
        if (options.DryRun || CachedObjectReader.IsOf(current, bytes))
            return (new Try(new Written(Answers.ObjectOf(stored, current.Key, bytes, current.Revision)) { Code = code }, false), false, null);
        var result = await registry.Store.WriteAsync(
            StoreWrite.Update(current.Key, bytes, current.Revision, registry.TimeToLive(stored)), request.Api.Cancellation);
        return result.Succeeded
            ? (new Try(new Written(registry.ReadWritten(stored, current.Key, bytes, result.Revision)) { Code = code }, true), false, null)
            : (default, true, result.Current);
    }

    private async ValueTask<(Outcome<Try> Result, bool Raced, StoreEntry? Now)> RemoveAsync(
        ResourceRequest request, WriteContext context, CachedObject current, CachedObject shown, JsonObject tree, DeleteOptions options)
    {
        if (options.DryRun)
            return (new Try(Gone(request, shown, tree), false), false, null);
        var result = await registry.Store.WriteAsync(StoreWrite.Delete(current.Key, current.Revision), request.Api.Cancellation);
        if (!result.Succeeded)
            return (default, true, result.Current);
        await request.Stored.Strategy.DeletedAsync(context, tree, request.Api.Cancellation);
        return (new Try(Gone(request, CachedObjectReader.WithRevision(shown, result.Revision), tree), true), false, null);
    }

    private static Written Gone(ResourceRequest request, CachedObject shown, JsonObject tree) =>
        Answers.ShowsDeleted(request.Stored.Resource)
            ? new Written(shown)
            : new Written(shown, Status: new()
            {
                Code = 200,
                IsSuccess = true,
                Details = new()
                {
                    Name = shown.Name,
                    Group = request.GroupResource.Group,
                    Kind = request.GroupResource.Resource,
                    Uid = ObjectMetadata.Of(tree).Uid,
                },
            });

    /// <summary>Whether it is the object that the client means. Kinds that are marked first look themselves, and say so in their own words.</summary>
    private static Status? Precondition(ResourceRequest request, DeleteOptions options, ObjectMetadata metadata, string name)
    {
        var marks = request.Stored.Strategy.MarksBeforeDeletion;
        return Differs("UID", options.Uid, metadata.Uid, "The object might have been deleted and then recreated")
            ?? Differs("ResourceVersion", options.ResourceVersion, metadata.ResourceVersion, "The object might have been modified");

        Status? Differs(string field, string? wanted, string actual, string guess)
        {
            if (wanted is null || wanted == actual)
                return null;
            if (marks)
                return Status.Conflict(request.GroupResource, name, $"Precondition failed: {field} in precondition: {wanted}, {field} in object meta: {actual}");
            // Upstream names the kind here where it names the resource elsewhere.
            return Status.Conflict(new(request.Resource.Kind.Group, request.Resource.Kind.Kind), name,
                $"the {field} in the precondition ({wanted}) does not match the {field} in record ({actual}). {guess}");
        }
    }

    /// <summary>What grace there is, and puts it into the metadata.</summary>
    private static Grace GraceOf(WriteContext context, ResourceStrategy strategy, JsonObject tree, DeleteOptions options)
    {
        var metadata = ObjectMetadata.Of(tree);
        TimeSpan? requested = options.GracePeriodSeconds is not { } asked ? null
            : TimeSpan.FromSeconds(Math.Clamp(asked < 0 ? 1 : asked, 0, int.MaxValue));
        if (strategy.DeletionGracePeriod(context, tree, requested) is not { } granted)
            return new Grace.None();
        if (metadata.DeletionTimestamp.Length > 0)
        {
            // Under way already: it may only become shorter.
            if (metadata.DeletionGracePeriodSeconds is not > 0)
                return new Grace.None();
            var before = metadata.DeletionGracePeriodSeconds.Value;
            if (requested is not { } shorter || shorter.TotalSeconds >= before)
                return new Grace.Pending();
            var begun = (Timestamps.Parse(metadata.DeletionTimestamp) ?? context.Now).AddSeconds(-before);
            var (ends, left) = (begun + shorter, (long)shorter.TotalSeconds);
            if (ends < context.Now)
            {
                // What is over cannot end earlier. Whoever granted some grace still leaves the end to who stops the object.
                ends = context.Now;
                left = Math.Min(left, 1);
            }
            metadata.DeletionTimestamp = Timestamps.Seconds(ends);
            metadata.DeletionGracePeriodSeconds = left;
            return new Grace.Begun(left);
        }
        var seconds = (long)granted.TotalSeconds;
        metadata.DeletionTimestamp = Timestamps.Seconds(context.Now.AddSeconds(seconds));
        metadata.DeletionGracePeriodSeconds = seconds;
        if (metadata.Generation > 0)
            metadata.Generation++;
        return new Grace.Begun(seconds);
    }

    /// <summary>An answer, and whether the store took something for it.</summary>
    private readonly record struct Try(Written Written, bool IsStored);
}
