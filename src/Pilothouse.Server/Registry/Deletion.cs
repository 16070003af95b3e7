using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Registry;

/// <summary>The rules of deletion that all kinds share.</summary>
internal static class Deletion
{
    public const string OrphanFinalizer = "orphan";
    public const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>Whether an update took away the last that held a deleted object.</summary>
    public static bool EndsWith(ResourceStrategy strategy, JsonObject tree, JsonObject old)
    {
        var (metadata, oldMetadata) = (ObjectMetadata.Of(tree), ObjectMetadata.Of(old));
        return oldMetadata.DeletionTimestamp.Length > 0
            && oldMetadata.DeletionGracePeriodSeconds is null or 0
            && metadata.Finalizers is not { Count: > 0 }
            && !strategy.HoldsDeletion(tree);
    }

    /// <summary>Puts the finalizers that the policy asks for; true when that changed them.</summary>
    /// <param name="metadata">The object's.</param>
    /// <param name="options">The policy.</param>
    /// <param name="strategy">The kind's.</param>
    /// <param name="marks">The object is only marked; then, in the one kind that settles it so early, not to orphan is to delete first.</param>
    public static bool SetPolicyFinalizers(ObjectMetadata metadata, DeleteOptions options, ResourceStrategy strategy, bool marks)
    {
        var old = Names(metadata);
        var orphan = strategy.HasDependents && (options.OrphanDependents ?? options.PropagationPolicy switch
        {
            "Orphan" => true,
            "Background" or "Foreground" => false,
            _ => old.Contains(OrphanFinalizer) || (!old.Contains(ForegroundFinalizer) && strategy.OrphansDependentsByDefault),
        });
        var foreground = strategy.HasDependents && (options.OrphanDependents is { } orphans ? marks && !orphans : options.PropagationPolicy switch
        {
            "Foreground" => true,
            "Background" or "Orphan" => false,
            _ => old.Contains(ForegroundFinalizer) && !old.Contains(OrphanFinalizer),
        });
        var names = old.Where(n => n is not (OrphanFinalizer or ForegroundFinalizer)).ToList();
        if (orphan)
            names.Add(OrphanFinalizer);
        if (foreground)
            names.Add(ForegroundFinalizer);
        if (names.Count == old.Count && names.ToHashSet().IsSubsetOf(old))
            return false;
        if (names.Count == 0)
            metadata.Json.Remove("finalizers");
        else
            metadata.Json["finalizers"] = new JsonArray([.. names.Select(n => (JsonNode)JsonValue.Create(n))]);
        return true;
    }

    /// <summary>Marks an object that has to stay until its finalizers are gone.</summary>
    public static void Mark(ObjectMetadata metadata, DateTimeOffset now)
    {
        if (metadata.DeletionTimestamp.Length == 0 && metadata.Generation > 0)
            metadata.Generation++;
        if (Timestamps.Parse(metadata.DeletionTimestamp) is not { } marked || marked > now)
            metadata.DeletionTimestamp = Timestamps.Seconds(now);
        metadata.DeletionGracePeriodSeconds = 0;
    }

    private static List<string> Names(ObjectMetadata metadata) =>
        metadata.Finalizers is { } finalizers ? [.. finalizers.Select(f => f.AsText() ?? "")] : [];
}
