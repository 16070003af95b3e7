namespace Pilothouse.Server.Watching;

/// <summary>Watchers that a change concerns, or not, together. Guarded by the lock of its cache.</summary>
internal sealed class WatcherBucket
{
    private readonly List<Watcher> _watchers = [];

    public int Count => _watchers.Count;

    public void Add(Watcher watcher)
    {
        watcher.Bucket = this;
        watcher.BucketIndex = _watchers.Count;
        _watchers.Add(watcher);
    }

    /// <summary>The last one takes the place: order among watchers means nothing.</summary>
    public void Remove(Watcher watcher)
    {
        if (watcher.Bucket != this)
            return;
        var last = _watchers[^1];
        _watchers[watcher.BucketIndex] = last;
        last.BucketIndex = watcher.BucketIndex;
        _watchers.RemoveAt(_watchers.Count - 1);
        watcher.Bucket = null;
    }

    public void Offer(ObjectChange change)
    {
        for (var i = 0; i < _watchers.Count;)
        {
            if (_watchers[i].Offer(change))
                i++;
            else
                Remove(_watchers[i]);
        }
    }

    public void EndAll(WatcherEnd reason)
    {
        foreach (var watcher in _watchers)
        {
            watcher.Bucket = null;
            watcher.End(reason);
        }
        _watchers.Clear();
    }
}
