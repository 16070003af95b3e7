namespace Pilothouse.Server.Watching;

/// <summary>A change as one watcher sees it through its filter.</summary>
public readonly record struct WatchEvent(WatchEventType Type, CachedObject Object);
