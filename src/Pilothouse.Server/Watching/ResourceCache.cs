using System.Diagnostics.CodeAnalysis;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>
/// All objects of one resource, sorted, with their recent history and those who watch them. Written by the hub's one loop;
/// readers take immutable snapshots and never lock.
/// </summary>
public sealed class ResourceCache
{
    private readonly Lock _lock = new();
    private readonly ObjectCachesOptions _options;
    private readonly TimeProvider _time;

    // Guarded by _lock.
    private readonly ChangeHistory _history;
    private readonly WatcherIndex _watchers = new();
    private readonly List<Pin> _pins = [];

    /// <summary>Changes that came before what was; null once that is known.</summary>
    private List<(string Key, CachedObject? Current, Revision Revision)>? _heldBack;

    /// <summary>Everything up to here is in what was loaded.</summary>
    private Revision _loaded = Revision.None;
    private bool _isRetired;

    /// <summary>Whoever waits for the next change; null when nobody does.</summary>
    private TaskCompletionSource? _changed;

    private volatile State _state = new(ObjectTree.Empty, Revision.None);

    internal ResourceCache(StoredResource resource, ObjectCachesOptions options, TimeProvider time)
    {
        Resource = resource;
        _options = options;
        _time = time;
        _history = new(options.HistoryChanges, options.HistoryBytes);
    }

    public StoredResource Resource { get; }

    /// <summary>The objects as they are now, sorted by key.</summary>
    public ObjectTree Snapshot => _state.Tree;

    internal int WatcherCount
    {
        get
        {
            lock (_lock)
                return _watchers.Count;
        }
    }

    /// <summary>An object as the cache has it; null when there is none.</summary>
    /// <param name="namespace">Empty for resources without namespaces.</param>
    /// <param name="name">The object's name.</param>
    public CachedObject? Find(string @namespace, string name) =>
        _state.Tree.TryFind(Resource.Key(@namespace, name), out var found) ? found : null;

    /// <summary>The newest state, and the last revision that changed it.</summary>
    internal State Current => _state;

    /// <summary>The whole collection at a revision that is not newer than the cache; false when its history is gone from here.</summary>
    internal bool TrySnapshotAt(Revision revision, [MaybeNullWhen(false)] out ObjectTree tree)
    {
        lock (_lock)
        {
            var (now, last) = _state;
            if (last <= revision)
            {
                tree = now;
                return true;
            }
            var pin = _pins.Find(p => p.Revision == revision);
            if (pin is not null)
            {
                pin.Used = _time.GetTimestamp();
                tree = pin.Tree;
                return true;
            }
            if (revision < _history.Floor)
            {
                tree = null;
                return false;
            }
            tree = now;
            var changes = _history.After(revision);
            for (var i = changes.Length - 1; i >= 0; i--)
            {
                tree = changes[i].Previous is { } previous
                    ? tree.With(previous, out _)
                    : tree.Without(changes[i].Key, out _);
            }
            // The next page would have to go back even farther.
            if (changes.Length > 64)
                Keep(revision, tree);
            return true;
        }
    }

    /// <summary>Replaces everything: what was loaded at a revision.</summary>
    internal void Load(ObjectTree tree, Revision revision)
    {
        lock (_lock)
        {
            _watchers.EndAll(WatcherEnd.Gone);
            _history.Restart(revision);
            _pins.Clear();
            _state = new(tree, revision);
            _loaded = revision;
            TellOfChange();
        }
    }

    /// <summary>Keeps changes for later: what was before is not known yet.</summary>
    internal void HoldBack()
    {
        lock (_lock)
            _heldBack = [];
    }

    /// <summary>What was before, and then the changes that were held back, as far as they are not in it.</summary>
    internal void LoadHeldBack(ObjectTree tree, Revision revision)
    {
        lock (_lock)
        {
            var held = _heldBack ?? [];
            _heldBack = null;
            Load(tree, revision);
            foreach (var (key, current, at) in held)
            {
                if (at > revision)
                    Apply(key, current, at);
            }
        }
    }

    /// <summary>The collection is no longer served: watchers leave, and whoever comes now leaves at once.</summary>
    internal void Retire()
    {
        lock (_lock)
        {
            _isRetired = true;
            _watchers.EndAll(WatcherEnd.Done);
            TellOfChange();
        }
    }

    /// <summary>Takes in one change and tells the watchers. A deletion of what is not there is no change.</summary>
    internal void Apply(string key, CachedObject? current, Revision revision)
    {
        lock (_lock)
        {
            if (_heldBack is not null)
            {
                _heldBack.Add((key, current, revision));
                return;
            }
            // A cache that was filled a moment ago may be ahead of the loop.
            if (revision <= _loaded)
                return;
            CachedObject? previous;
            var tree = current is not null ? _state.Tree.With(current, out previous) : _state.Tree.Without(key, out previous);
            if (current is null && previous is null)
                return;
            var change = new ObjectChange(revision, previous, current);
            _state = new(tree, revision);
            _history.Add(change);
            _watchers.Offer(change);
            TellOfChange();
        }
    }

    private void TellOfChange()
    {
        _changed?.TrySetResult();
        _changed = null;
    }

    /// <summary>
    /// Starts a watch with the state as it is now. Every change behind that state is offered to the watcher.
    /// </summary>
    internal State WatchFromNow(Func<State, Watcher> make)
    {
        lock (_lock)
        {
            Join(make(_state));
            return _state;
        }
    }

    /// <summary>Starts a watch behind a revision; false when the history does not reach back so far.</summary>
    internal bool TryWatchAfter(Revision revision, Func<Revision, Watcher> make, out ObjectChange[] replay, out Revision floor)
    {
        lock (_lock)
        {
            floor = _history.Floor;
            replay = [];
            if (revision < floor)
                return false;
            replay = _history.After(revision);
            Join(make(replay.Length == 0 ? revision : replay[^1].Revision));
            return true;
        }
    }

    private void Join(Watcher watcher)
    {
        _watchers.Add(watcher);
        if (_isRetired)
            watcher.End(WatcherEnd.Done);
    }

    internal void Unwatch(Watcher watcher)
    {
        lock (_lock)
            _watchers.Remove(watcher);
    }

    /// <summary>What changed since a state was seen; for who keeps something that is made from the whole collection.</summary>
    /// <param name="seen">The state, <see cref="Current"/> as it was; null when nothing was seen yet.</param>
    internal CacheChanges ChangesSince(State? seen)
    {
        lock (_lock)
        {
            var known = seen is not null && seen.Revision >= _history.Floor;
            return new(_state, known ? _history.After(seen!.Revision) : null);
        }
    }

    /// <summary>Returns when the collection is not what it was.</summary>
    /// <param name="seen">The state, <see cref="Current"/> as it was.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal Task WaitForChangeAsync(State seen, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_state, seen))
                return Task.CompletedTask;
            _changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Keeps a snapshot for the next page of a list.</summary>
    internal void Keep(Revision revision, ObjectTree tree)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            _pins.RemoveAll(p => p.Revision == revision || _time.GetElapsedTime(p.Used, now) > _options.SnapshotLifetime);
            if (_pins.Count >= _options.PinnedSnapshots)
                _pins.Remove(_pins.MinBy(p => p.Used)!);
            _pins.Add(new() { Revision = revision, Tree = tree, Used = now });
        }
    }

    /// <summary>A state of the collection.</summary>
    /// <param name="Tree">The objects.</param>
    /// <param name="Revision">The last change; the state holds until the next one.</param>
    internal sealed record State(ObjectTree Tree, Revision Revision);

    private sealed class Pin
    {
        public required Revision Revision { get; init; }

        public required ObjectTree Tree { get; init; }

        public required long Used { get; set; }
    }
}
