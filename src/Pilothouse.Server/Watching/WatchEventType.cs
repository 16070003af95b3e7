namespace Pilothouse.Server.Watching;

/// <summary>What a watch event says of its object.</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Says only how far the watch has come.</summary>
    Bookmark,
}
