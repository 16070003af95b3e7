namespace Pilothouse.Server.Watching;

/// <summary>How much the caches keep, and how patient they are.</summary>
public sealed class ObjectCachesOptions
{
    /// <summary>Changes that each resource remembers for watches that come back; a power of two. Each costs some 100 bytes.</summary>
    public int HistoryChanges { get; init; } = 8192;

    /// <summary>Bytes of superseded states that each resource remembers at most.</summary>
    public long HistoryBytes { get; init; } = 8 << 20;

    /// <summary>Events that may wait for one watcher before it is cut off. They are shared: a waiting event costs 16 bytes.</summary>
    public int WatcherQueue { get; init; } = 8192;

    /// <summary>Past snapshots that each resource keeps for lists in pages; the one used longest ago goes first.</summary>
    public int PinnedSnapshots { get; init; } = 16;

    /// <summary>How long a snapshot stays that no page is read from.</summary>
    public TimeSpan SnapshotLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a read waits for a revision that the caches have not reached.</summary>
    public TimeSpan FreshnessTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Keys that are read at once while the caches are filled.</summary>
    public int LoadPage { get; init; } = 1000;

    /// <summary>The longest pause between attempts while the store has a fault.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a watcher that asked for bookmarks gets one.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A watch without a timeout of its own lasts this long up to twice as long (<c>--min-request-timeout</c>).</summary>
    public TimeSpan MinRequestTimeout { get; init; } = TimeSpan.FromSeconds(1800);
}
