using Pilothouse.Server.Watching;

namespace Pilothouse.Server.CustomResources.Definitions;

/// <summary>Follows the cache of definitions: each change is read once. Used by one loop.</summary>
internal sealed class DefinitionFeed(ResourceCache cache)
{
    private readonly Dictionary<string, DefinitionState> _states = [];
    private ResourceCache.State? _seen;

    /// <summary>The definitions by their names, as of the last <see cref="Read"/>.</summary>
    public IReadOnlyDictionary<string, DefinitionState> States => _states;

    /// <summary>Takes in what changed.</summary>
    /// <returns>The names of what changed, and the groups of what is gone.</returns>
    public (IReadOnlyCollection<string> Changed, IReadOnlyCollection<string> Freed) Read()
    {
        var changes = cache.ChangesSince(_seen);
        _seen = changes.State;
        HashSet<string> changed = [], freed = [];
        if (changes.Changes is { } list)
        {
            foreach (var change in list)
                changed.Add((change.Current ?? change.Previous)!.Name);
        }
        else
        {
            changed.UnionWith(_states.Keys);
            changed.UnionWith(changes.State.Tree.All.Select(o => o.Name));
        }
        foreach (var name in changed)
        {
            if (changes.State.Tree.TryFind(cache.Resource.Key("", name), out var obj))
                _states[name] = DefinitionState.Of(obj);
            else if (_states.Remove(name, out var gone))
                freed.Add(gone.Group);
        }
        return (changed, freed);
    }

    /// <summary>Returns when there is more to read.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) =>
        _seen is null ? Task.CompletedTask : cache.WaitForChangeAsync(_seen, cancellationToken);
}
