namespace Pilothouse.Server.Watching;

/// <summary>
/// The time of one watch: asks for bookmarks now and then, once more shortly before the end, and ends it.
/// </summary>
internal sealed class WatchClock : IDisposable
{
    /// <summary>How long before the end the last bookmark comes, so that the next watch starts from there.</summary>
    private static readonly TimeSpan s_lastBookmark = TimeSpan.FromSeconds(2);

    private readonly Watcher _watcher;
    private readonly TimeProvider _time;
    private readonly TimeSpan _length;
    private readonly TimeSpan? _interval;
    private readonly long _started;
    private readonly ITimer _timer;

    /// <param name="watcher">The watch.</param>
    /// <param name="time">The clock.</param>
    /// <param name="length">How long it lasts.</param>
    /// <param name="bookmarks">How often it gets a bookmark; null for never.</param>
    public WatchClock(Watcher watcher, TimeProvider time, TimeSpan length, TimeSpan? bookmarks)
    {
        (_watcher, _time, _length, _interval) = (watcher, time, length, bookmarks);
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(static c => ((WatchClock)c!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Next(TimeSpan.Zero), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        var passed = _time.GetElapsedTime(_started);
        if (passed >= _length)
        {
            _watcher.End(WatcherEnd.Done);
            return;
        }
        if (_interval is not null)
            _watcher.RequestBookmark();
        _timer.Change(Next(passed), Timeout.InfiniteTimeSpan);
    }

    /// <summary>From now until the next thing to do.</summary>
    private TimeSpan Next(TimeSpan passed)
    {
        var left = _length - passed;
        if (_interval is { } interval)
        {
            var untilLast = left - s_lastBookmark;
            if (untilLast > TimeSpan.Zero)
                return interval < untilLast ? interval : untilLast;
        }
        // A timer may fire a little early; the rest is waited for again.
        return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
    }
}
