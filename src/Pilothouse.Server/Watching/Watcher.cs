using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>
/// One watch between the hub and whoever writes it out. The hub offers changes; those that pass the filter wait here, in order,
/// and the consumer is put on the thread pool when it has nothing to do. Bounded: a watcher that lets its queue overflow is cut
/// off, and nobody waits for it.
/// </summary>
/// <param name="filter">What the watcher sees.</param>
/// <param name="after">Changes up to this revision are not for it.</param>
/// <param name="capacity">Events that may wait.</param>
/// <param name="consumer">Run when there is something to take; not run again before it has found nothing.</param>
internal sealed class Watcher(ObjectFilter filter, Revision after, int capacity, IWatchConsumer consumer)
{
    private readonly Lock _lock = new();

    // All below: guarded by _lock.
    private WatchEvent[] _queue = [];
    private int _queued;
    private bool _busy = true;
    private bool _bookmarkDue;
    private WatcherEnd _end;

    public ObjectFilter Filter { get; } = filter;

    /// <summary>The revision of the last event that was queued, or of the start.</summary>
    public Revision After { get; private set; } = after;

    /// <summary>Where the cache's index has it; kept by the index.</summary>
    internal WatcherBucket? Bucket { get; set; }

    internal int BucketIndex { get; set; }

    /// <summary>Called by the one writer of the cache, in order of revision.</summary>
    /// <returns>False when the watcher is to be dropped.</returns>
    public bool Offer(ObjectChange change)
    {
        if (change.Revision <= After || !Filter.TrySee(change, out var seen))
            return true;
        bool wake, kept;
        lock (_lock)
        {
            if (_end != WatcherEnd.None)
                return false;
            kept = _queued < _queue.Length || TryGrow();
            if (kept)
            {
                _queue[_queued++] = seen;
                After = change.Revision;
            }
            else
            {
                _end = WatcherEnd.Overflowed;
                _queue = [];
                _queued = 0;
            }
            wake = !_busy;
            _busy = true;
        }
        if (!kept)
            ThreadPool.UnsafeQueueUserWorkItem(static c => c.CutOff(), consumer, preferLocal: false);
        if (wake)
            ThreadPool.UnsafeQueueUserWorkItem(consumer, preferLocal: false);
        return kept;
    }

    /// <summary>Ends the watch; what waits is written before, unless it overflowed. The first reason stays.</summary>
    public void End(WatcherEnd reason) => Signal(() => _end = _end == WatcherEnd.None ? reason : _end);

    /// <summary>Asks for a bookmark, once what waits is written.</summary>
    public void RequestBookmark() => Signal(() => _bookmarkDue = true);

    /// <summary>
    /// Takes everything that waits. False when there is nothing: then the consumer must stop, and will be run again.
    /// </summary>
    /// <param name="spare">An array that was taken before and is free again.</param>
    /// <param name="taken">What waited.</param>
    public bool TryTake(WatchEvent[] spare, out Taken taken)
    {
        lock (_lock)
        {
            taken = new(_queue, _queued, After, _bookmarkDue, _end);
            if (_queued == 0 && !_bookmarkDue && _end == WatcherEnd.None)
            {
                _busy = false;
                return false;
            }
            // A queue that once was long is not kept for ever.
            _queue = spare.Length is > 0 and <= 1024 ? spare : new WatchEvent[4];
            _queued = 0;
            _bookmarkDue = false;
            return true;
        }
    }

    private void Signal(Action set)
    {
        lock (_lock)
        {
            set();
            if (_busy)
                return;
            _busy = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(consumer, preferLocal: false);
    }

    private bool TryGrow()
    {
        if (_queue.Length >= capacity)
            return false;
        Array.Resize(ref _queue, Math.Min(capacity, Math.Max(4, _queue.Length * 2)));
        return true;
    }

    /// <summary>What was taken from the queue at once.</summary>
    /// <param name="Events">The array; clear and give it back.</param>
    /// <param name="Count">How many of its elements count.</param>
    /// <param name="Last">The revision of the last of them.</param>
    /// <param name="BookmarkDue">A bookmark is to follow.</param>
    /// <param name="End">Whether the watch ends behind them.</param>
    internal readonly record struct Taken(WatchEvent[] Events, int Count, Revision Last, bool BookmarkDue, WatcherEnd End);
}
