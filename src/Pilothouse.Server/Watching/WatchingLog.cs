using Microsoft.Extensions.Logging;

namespace Pilothouse.Server.Watching;

/// <summary>What the caches and watches log.</summary>
internal static partial class WatchingLog
{
    [LoggerMessage(2001, LogLevel.Information, "The caches are filled: {Objects} objects at revision {Revision}, in {Elapsed} ms.")]
    public static partial void Loaded(ILogger logger, int objects, long revision, long elapsed);

    [LoggerMessage(2002, LogLevel.Warning, "The store's history behind revision {Revision} is gone: the caches are filled anew, and watchers list again.")]
    public static partial void HistoryLost(ILogger logger, long revision, Exception exception);

    [LoggerMessage(2003, LogLevel.Warning, "The store has a fault, the caches stand at revision {Revision}: next attempt in {Pause} ms.")]
    public static partial void StoreFault(ILogger logger, long revision, long pause, Exception exception);

    [LoggerMessage(2004, LogLevel.Error, "A value in the store cannot be read and is not served.")]
    public static partial void Unreadable(ILogger logger, Exception exception);

    [LoggerMessage(2005, LogLevel.Information, "A watcher of {Resource} did not keep up and was cut off.")]
    public static partial void CutOff(ILogger logger, string resource);

    [LoggerMessage(2006, LogLevel.Error, "A watch of {Resource} failed.")]
    public static partial void WatchFailed(ILogger logger, string resource, Exception exception);

    [LoggerMessage(2007, LogLevel.Information, "Compacted the store's history up to revision {Revision}.")]
    public static partial void Compacted(ILogger logger, long revision);

    [LoggerMessage(2008, LogLevel.Warning, "Compacting the store's history failed; the next attempt is in {Pause} s.")]
    public static partial void CompactionFailed(ILogger logger, double pause, Exception exception);
}
