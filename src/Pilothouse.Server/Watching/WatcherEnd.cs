namespace Pilothouse.Server.Watching;

/// <summary>Why a watch ends.</summary>
internal enum WatcherEnd
{
    None,

    /// <summary>Its time is up, the client went away, or the server stops: the stream is closed.</summary>
    Done,

    /// <summary>The client did not read fast enough: the connection is cut.</summary>
    Overflowed,

    /// <summary>The history was lost: the client is told 410 and lists again.</summary>
    Gone,
}
