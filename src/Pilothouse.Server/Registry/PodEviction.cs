using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>Evictions: a deletion that says why, and that a disruption budget may refuse.</summary>
internal sealed class PodEviction(ObjectRegistry registry, UpdateVerb update, DeleteVerb delete)
{
    /// <summary>Evicts the pod that the path names; a success or a failure.</summary>
    public async ValueTask<Status> EvictAsync(ResourceRequest request, JsonObject eviction, WriteOptions options)
    {
        if ((eviction.Object("metadata")?.Text("name") ?? "") != request.Name)
            return Status.BadRequest("name in URL does not match name in Eviction object");
        var deletion = new DeleteOptions();
        if (eviction.Object("deleteOptions") is { } asked && !DeleteOptions.FromTree(asked).TryGet(out deletion!, out var malformed))
            return malformed;
        deletion = deletion with { DryRun = deletion.DryRun || options.DryRun };

        // 1. Does the budget that covers the pod allow it?
        if (await registry.Caches.WaitForLatestBrieflyAsync(request.Api.Cancellation) is { } stale)
            return stale;
        if (registry.Glance(request.Stored, request.Namespace, request.Name) is { } found
            && await DisruptionBudgets.TakeAsync(registry, update, request, ObjectRegistry.TreeOf(request.Stored, found), deletion.DryRun) is { } exhausted)
        {
            return exhausted;
        }

        // 2. Say why, in the pod's status.
        var now = Timestamps.Seconds(request.Api.Received);
        var status = request.WithSubresource("status");
        var marked = await update.UpdateAsync(status, deletion.DryRun, (_, old) =>
        {
            if (Uid(deletion, old, request.Name) is { } conflict)
                return new(conflict);
            var pod = (JsonObject)old.DeepClone();
            PodConditions.Set(pod, new JsonObject
            {
                ["type"] = "DisruptionTarget",
                ["status"] = "True",
                ["reason"] = "EvictionByEvictionAPI",
                ["message"] = "Eviction API: evicting",
            }, now);
            return new(pod);
        });
        if (marked.Failure is { } failure)
            return failure;

        // 3. Delete it. The version that the client knew has just been superseded by ours.
        var deleted = await delete.DeleteAsync(request.WithSubresource(""), deletion with { ResourceVersion = null });
        return deleted.Failure is { } refused ? refused : new Status { Code = 201, IsSuccess = true };
    }

    private static Status? Uid(DeleteOptions options, JsonObject pod, string name)
    {
        var uid = ObjectMetadata.Of(pod).Uid;
        return options.Uid is { } wanted && wanted != uid
            ? Status.Conflict(new("", "Pod"), name,
                $"the UID in the precondition ({wanted}) does not match the UID in record ({uid}). "
                + "The object might have been deleted and then recreated")
            : null;
    }
}
