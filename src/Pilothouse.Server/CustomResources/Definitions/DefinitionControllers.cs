using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Bootstrap;
using Pilothouse.Server.Watching;
using Pilothouse.Storage;

namespace Pilothouse.Server.CustomResources.Definitions;

/// <summary>
/// Keeps the status of definitions: which names they are given, whether they are served, and whether they keep the rules of
/// protected groups and of structural schemas. Each step is a write of its own, as upstream's controllers make them; whoever reads
/// <c>Established</c> may serve the definition under its accepted names. Any number of servers may do so at once: a write is made
/// from what the store holds, and what another server did already is not done again.
/// </summary>
public sealed class DefinitionControllers
{
    internal static readonly GroupResource Definitions = new("apiextensions.k8s.io", "customresourcedefinitions");

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly ResourceCache _cache;
    private readonly ObjectCaches _caches;
    private readonly IStore _store;
    private readonly ServerWriter _writer;
    private readonly DefinitionFeed _feed;
    private readonly DefinitionCleanup _cleanup;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    // Of each definition, the generation whose schemas were found to be what its condition says.
    private readonly Dictionary<string, long> _checked = [];
    private readonly Dictionary<string, Revision> _created = [];
    private readonly HashSet<string> _due = [];

    public DefinitionControllers(
        ResourceCatalog catalog, IStore store, ObjectCaches caches, TimeProvider time, ILogger<DefinitionControllers> log)
    {
        _cache = caches.TryGet(Definitions, out var cache) ? cache
            : throw new ArgumentException("the catalog has no definitions of custom resources", nameof(catalog));
        (_caches, _store, _time, _log) = (caches, store, time, log);
        _writer = new(catalog, store, caches, time);
        _feed = new(_cache);
        _cleanup = new(catalog, store, caches, _writer, _cache, time, log);
    }

    /// <summary>Runs until cancelled. Faults of the store are logged, and tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(KeepStatusAsync(cancellationToken), _cleanup.RunAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task KeepStatusAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _caches.WaitForLatestAsync(cancellationToken);
                Read();
                while (_due.Count > 0)
                {
                    var name = await NextAsync(cancellationToken);
                    await TrySyncAsync(name, cancellationToken);
                    _due.Remove(name);
                }
                await _feed.WaitAsync(cancellationToken);
            }
            catch (StoreException fault)
            {
                _log.Failed(fault);
                await Task.Delay(RetryInterval, _time, cancellationToken);
            }
        }
    }

    private void Read()
    {
        var (changed, freed) = _feed.Read();
        foreach (var name in changed)
        {
            _due.Add(name);
            if (!_feed.States.ContainsKey(name))
            {
                _checked.Remove(name);
                _created.Remove(name);
            }
        }
        foreach (var group in freed)
            Reconsider(group, "");
    }

    /// <summary>Names of a group may be free now: whoever did not get all that it wanted is looked at again.</summary>
    private void Reconsider(string group, string except)
    {
        foreach (var (name, state) in _feed.States)
        {
            if (state.Group == group && name != except && !state.Requested.Equals(state.Accepted))
                _due.Add(name);
        }
    }

    /// <summary>
    /// Who is next. Names are given in the order in which definitions were created: whichever server gives them, it has seen all that
    /// were created before, and so all servers give the same.
    /// </summary>
    private async ValueTask<string> NextAsync(CancellationToken cancellationToken)
    {
        var first = (Name: "", Created: Revision.None);
        var unnamed = _due.Where(name => _feed.States.TryGetValue(name, out var state) && !state.Requested.Equals(state.Accepted)).ToList();
        if (unnamed.Count is 0 or 1)
            return _due.Count > 1 ? _due.First(name => !unnamed.Contains(name)) : _due.First();
        foreach (var name in unnamed)
        {
            if (!_created.TryGetValue(name, out var created))
            {
                created = (await _store.GetAsync(_cache.Resource.Key("", name), Revision.None, cancellationToken))?.Created ?? Revision.None;
                _created[name] = created;
            }
            if (first.Created.IsNone || created < first.Created)
                first = (name, created);
        }
        return first.Name;
    }

    private async Task TrySyncAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await SyncAsync(name, cancellationToken);
        }
        catch (Exception fault) when (fault is InvalidOperationException or UnreadableValueException)
        {
            // What another server stored and this one cannot read is left to it; the others are looked after all the same.
            _log.Unreadable(name, fault);
        }
    }

    private async Task SyncAsync(string name, CancellationToken cancellationToken)
    {
        if (!_feed.States.TryGetValue(name, out var state))
            return;
        if (!state.Requested.Equals(state.Accepted) && await NameAsync(name, state, cancellationToken))
        {
            // The next to be named must see what this one was given.
            await _caches.WaitForLatestAsync(cancellationToken);
            Read();
            Reconsider(state.Group, name);
            if (!_feed.States.TryGetValue(name, out state))
                return;
        }
        if (!state.IsEstablished)
            await WriteAsync(name, Establish, cancellationToken);
        if (ApiApproval.IsProtected(state.Group))
            await WriteAsync(name, SetApproval, cancellationToken);
        if (_checked.GetValueOrDefault(name) < state.Generation)
        {
            var generation = 0L;
            await WriteAsync(name, definition =>
            {
                generation = ObjectMetadata.Of(definition).Generation;
                return SetNonStructural(definition);
            }, cancellationToken);
            if (generation > 0)
                _checked[name] = generation;
        }
    }

    private Task<bool> WriteAsync(string name, Func<JsonObject, bool> edit, CancellationToken cancellationToken) =>
        _writer.UpdateAsync(Definitions, "", name, edit, cancellationToken, "status");

    private async Task<bool> NameAsync(string name, DefinitionState state, CancellationToken cancellationToken)
    {
        HashSet<string> resources = [], kinds = [];
        foreach (var (other, its) in _feed.States)
        {
            if (other == name || its.Group != state.Group)
                continue;
            resources.UnionWith(its.Accepted.OfResource);
            kinds.UnionWith(its.Accepted.OfKind);
        }
        var changed = false;
        await WriteAsync(name, definition =>
        {
            // What another server gave it meanwhile counts for the others as well.
            var wrote = Name(definition, resources, kinds, _time.GetUtcNow());
            changed = wrote || !DefinitionState.Of(definition).Accepted.Equals(state.Accepted);
            return wrote;
        }, cancellationToken);
        return changed;
    }

    /// <summary>Gives a definition the names that are free.</summary>
    internal static bool Name(JsonObject definition, IReadOnlySet<string> resources, IReadOnlySet<string> kinds, DateTimeOffset now)
    {
        var state = DefinitionState.Of(definition);
        if (state.Requested.Equals(state.Accepted))
            return false;
        var (accepted, reason, message) = DefinitionNames.Settle(state.Requested, state.Accepted, resources, kinds);
        var all = reason.Length == 0;
        var changed = DefinitionConditions.Set(
            definition, DefinitionConditions.NamesAccepted, all ? "True" : "False", all ? "NoConflicts" : reason, all ? "no conflicts found" : message, now);
        if (!changed && accepted.Equals(state.Accepted))
            return false;
        definition.ObjectOrNew("status")["acceptedNames"] = accepted.ToJson();
        if (state.IsEstablished)
            return true;
        // Who serves definitions sees first that this one will be, and then that it is.
        if (all)
        {
            DefinitionConditions.Set(
                definition, DefinitionConditions.Established, "False", "Installing", "the initial names have been accepted", now);
        }
        else if (DefinitionConditions.Find(definition, DefinitionConditions.Established) is null)
        {
            DefinitionConditions.Set(definition, DefinitionConditions.Established, "False", "NotAccepted", "not all names are accepted", now);
        }
        return true;
    }

    private bool Establish(JsonObject definition) => Establish(definition, _time.GetUtcNow());

    /// <summary>Says that a definition is served, once it has its names.</summary>
    internal static bool Establish(JsonObject definition, DateTimeOffset now)
    {
        if (!DefinitionConditions.IsTrue(definition, DefinitionConditions.NamesAccepted)
            || DefinitionConditions.IsTrue(definition, DefinitionConditions.Established))
            return false;
        return ConversionValidation.HasUsableBundle(definition)
            ? DefinitionConditions.Set(
                definition, DefinitionConditions.Established, "True", "InitialNamesAccepted", "the initial names have been accepted", now)
            : DefinitionConditions.Set(
                definition, DefinitionConditions.Established, "False", "InvalidCABundle", "The conversion webhook CABundle is invalid", now);
    }

    private bool SetApproval(JsonObject definition)
    {
        var (state, message) = ApiApproval.Of(definition);
        var (status, reason) = state switch
        {
            ApiApproval.State.Approved => ("True", "ApprovedAnnotation"),
            ApiApproval.State.Bypassed => ("False", "UnapprovedAnnotation"),
            ApiApproval.State.Missing => ("False", "MissingAnnotation"),
            _ => ("False", "InvalidAnnotation"),
        };
        return DefinitionConditions.Set(definition, DefinitionConditions.ApprovalConformant, status, reason, message, _time.GetUtcNow());
    }

    private bool SetNonStructural(JsonObject definition) => NonStructuralSchemas.Check(definition) is var (status, reason, message)
        ? DefinitionConditions.Set(definition, DefinitionConditions.NonStructuralSchema, status, reason, message, _time.GetUtcNow())
        : DefinitionConditions.Remove(definition, DefinitionConditions.NonStructuralSchema);
}
