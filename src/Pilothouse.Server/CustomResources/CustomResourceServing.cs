using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.CustomResources.Definitions;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.CustomResources;

/// <summary>
/// Serves what definitions define: follows the definitions, and replaces the snapshot of what is served when one of them becomes
/// established, changes, or goes. The one writer of <see cref="ServedResources"/>.
/// </summary>
#pragma warning disable CA1001 // as long-lived as the server: its connections end with the process
public sealed class CustomResourceServing(
    ServedResources resources, ObjectCaches caches, TimeProvider time, ILogger<CustomResourceServing> logger)
#pragma warning restore CA1001
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    private readonly ConversionWebhooks _conversions = new(caches, time);

    // Of the loop alone: what each definition made, and from which object.
    private Dictionary<string, (CachedObject Object, CustomResource? Made)> _made = [];

    /// <summary>Follows the definitions until cancelled. Faults are logged and tried again, never thrown.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = s_firstPause;
        try
        {
            if (!caches.TryGet(DefinitionControllers.Definitions, out var definitions))
                return;
            await caches.WaitForAsync(Revision.None.Next, cancellationToken);
            while (true)
            {
                var seen = definitions.Current;
                try
                {
                    await TakeUpAsync(seen.Tree, cancellationToken);
                    pause = s_firstPause;
                }
                catch (StoreException fault)
                {
                    CustomResourceLog.NotTakenUp(logger, (long)pause.TotalMilliseconds, fault);
                    await Task.Delay(pause, time, cancellationToken);
                    pause = pause * 2 > s_longestPause ? s_longestPause : pause * 2;
                    continue;
                }
                await definitions.WaitForChangeAsync(seen, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TakeUpAsync(ObjectTree definitions, CancellationToken cancellationToken)
    {
        var made = new Dictionary<string, (CachedObject Object, CustomResource? Made)>(definitions.Count);
        foreach (var definition in definitions.Prefix("/"))
        {
            var before = _made.GetValueOrDefault(definition.Name);
            made[definition.Name] = ReferenceEquals(before.Object, definition) ? before : (definition, Make(definition, before.Made));
        }
        var old = Customs(_made);
        var now = Customs(made);
        if (old.Count == now.Count && old.SequenceEqual(now, ReferenceEqualityComparer.Instance))
        {
            _made = made;
            return;
        }
        var kept = now.Select(c => c.Collection).ToHashSet();
        var known = old.Select(c => c.Collection).ToHashSet();
        List<StoredResource> added = [.. kept.Where(c => !known.Contains(c))];
        List<StoredResource> removed = [.. known.Where(c => !kept.Contains(c))];
        if (added.Count > 0 || removed.Count > 0)
            await caches.ChangeAsync(added, removed, cancellationToken);
        resources.Publish(CustomCatalog.With(resources.BuiltIn, now));
        _made = made;
        _conversions.Keep(now.Select(c => c.Collection.Versions!.Conversion));
        CustomResourceLog.Served(logger, now.Count);
    }

    private static List<CustomResource> Customs(Dictionary<string, (CachedObject Object, CustomResource? Made)> made) =>
        [.. made.Values.Select(m => m.Made).OfType<CustomResource>().OrderBy(c => c.Definition, StringComparer.Ordinal)];

    private CustomResource? Make(CachedObject definition, CustomResource? before)
    {
        try
        {
            return new CustomResourceReader(_conversions.Make).Read((JsonObject)JsonNodes.Parse(definition.Json.Span)!, before);
        }
#pragma warning disable CA1031 // whatever is in a definition, the others go on being served; it is logged
        catch (Exception fault)
#pragma warning restore CA1031
        {
            CustomResourceLog.Unservable(logger, definition.Name, fault);
            return null;
        }
    }
}
