using System.Buffers;

namespace Pilothouse.Server.Watching;

/// <summary>Where a watch's events go: an HTTP response without an end, or a WebSocket. One thread at a time.</summary>
internal interface IWatchOutput
{
    /// <summary>Events are written into this.</summary>
    IBufferWriter<byte> Buffer { get; }

    /// <summary>Cancelled when the client says that it has seen enough; a connection that breaks is not told here.</summary>
    CancellationToken Left { get; }

    /// <summary>Tells the client that the watch stands.</summary>
    ValueTask StartAsync(CancellationToken cancellationToken);

    /// <summary>An event has been written.</summary>
    void EndEvent();

    /// <summary>Sends what was written.</summary>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Nothing more will be written.</summary>
    ValueTask CompleteAsync();
}
