using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Bootstrap;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.CustomResources.Definitions;

/// <summary>
/// Deletes the instances of definitions that are deleted, and lets these go when no instance is left. Instances with finalizers are
/// marked, and waited for without end. Several servers may do so at once: each deletion is a compare and swap.
/// </summary>
internal sealed class DefinitionCleanup(
    ResourceCatalog catalog, IStore store, ObjectCaches caches, ServerWriter writer, ResourceCache cache, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // After which upstream says that it still waits.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DefinitionFeed _feed = new(cache);

    // The definitions that wait for their instances, and since when.
    private readonly Dictionary<string, Pending> _pending = [];

    private sealed class Pending(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;

        public int Deleted { get; set; }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _feed.Read();
            foreach (var (name, state) in _feed.States)
            {
                if (state.AwaitsCleanup)
                    _pending.TryAdd(name, new(time.GetUtcNow()));
                else
                    _pending.Remove(name);
            }
            foreach (var name in _pending.Keys.Except(_feed.States.Keys).ToList())
                _pending.Remove(name);
            foreach (var (name, pending) in _pending.ToList())
                await TryAsync(name, pending, cancellationToken);
            if (_pending.Count > 0)
                await Task.Delay(Interval, time, cancellationToken);
            else
                await _feed.WaitAsync(cancellationToken);
        }
    }

    private async Task TryAsync(string name, Pending pending, CancellationToken cancellationToken)
    {
        try
        {
            if (await CleanAsync(name, pending, cancellationToken))
            {
                _pending.Remove(name);
                log.Gone(name, pending.Deleted);
                // Otherwise it would be pending again at once.
                await caches.WaitForLatestAsync(cancellationToken);
            }
        }
        catch (Exception fault) when (fault is StoreException or InvalidOperationException or UnreadableValueException)
        {
            log.CleanupFailed(name, fault);
        }
    }

    /// <summary>Does what can be done now; true when the definition is gone.</summary>
    private async Task<bool> CleanAsync(string name, Pending pending, CancellationToken cancellationToken)
    {
        JsonObject? definition = null;
        await WriteAsync(name, current =>
        {
            if (!Awaits(current))
                return false;
            definition = (JsonObject)current.DeepClone();
            return Waited(pending, current)
                ? Say(current, "True", "InstanceDeletionCheck", "could not confirm zero CustomResources remaining: context deadline exceeded")
                : Say(current, "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress");
        }, cancellationToken);
        if (definition is null)
            return false;

        var (status, reason, message) = ("False", "InstanceDeletionCompleted", "removed all instances");
        var prefix = Prefix(definition);
        if (catalog.Stored.Any(s => s.KeyPrefix == prefix))
        {
            (reason, message) = ("OverlappingBuiltInResource", "instances overlap with built-in resources in storage");
        }
        else if (!DefinitionConditions.IsTrue(definition, DefinitionConditions.Established))
        {
            (reason, message) = ("NeverEstablished", "resource was never established");
        }
        else
        {
            var instances = new InstanceDeletion(store, time);
            var left = await instances.DeleteAllAsync(prefix, cancellationToken);
            pending.Deleted += instances.Deleted;
            if (left)
                return false;
        }
        return await LetGoAsync(name, status, reason, message, cancellationToken);
    }

    /// <summary>Takes the finalizer away; the last one takes the definition with it.</summary>
    private async Task<bool> LetGoAsync(string name, string status, string reason, string message, CancellationToken cancellationToken)
    {
        var last = false;
        await WriteAsync(name, current =>
        {
            last = false;
            if (!Awaits(current))
                return false;
            var finalizers = ObjectMetadata.Of(current).Finalizers!;
            last = finalizers.All(f => f.AsText() == DefinitionConditions.CleanupFinalizer);
            if (last)
                return false;
            for (var i = finalizers.Count - 1; i >= 0; i--)
            {
                if (finalizers[i].AsText() == DefinitionConditions.CleanupFinalizer)
                    finalizers.RemoveAt(i);
            }
            Say(current, status, reason, message);
            return true;
        }, cancellationToken);
        if (last)
        {
            await writer.DeleteAsync(
                DefinitionControllers.Definitions, "", name,
                current => Awaits(current) && ObjectMetadata.Of(current).Finalizers!.All(f => f.AsText() == DefinitionConditions.CleanupFinalizer),
                cancellationToken);
        }
        return true;
    }

    private Task<bool> WriteAsync(string name, Func<JsonObject, bool> edit, CancellationToken cancellationToken) =>
        writer.UpdateAsync(DefinitionControllers.Definitions, "", name, edit, cancellationToken, "status");

    private bool Say(JsonObject definition, string status, string reason, string message) =>
        DefinitionConditions.Set(definition, DefinitionConditions.Terminating, status, reason, message, time.GetUtcNow());

    // Servers that began at different times must not take it from each other.
    private bool Waited(Pending pending, JsonObject definition) => time.GetUtcNow() - pending.Since >= Patience
        || DefinitionConditions.Find(definition, DefinitionConditions.Terminating)?.Text("reason") == "InstanceDeletionCheck";

    private static bool Awaits(JsonObject definition) => DefinitionState.Of(definition).AwaitsCleanup;

    /// <summary>Where the store has the instances.</summary>
    internal static string Prefix(JsonObject definition)
    {
        var spec = definition.Object("spec");
        return $"/{spec?.Text("group")}/{spec.Object("names")?.Text("plural")}/";
    }
}
