namespace Pilothouse.Server.Watching;

/// <summary>Who takes a watcher's events. Put on the thread pool when there are some.</summary>
internal interface IWatchConsumer : IThreadPoolWorkItem
{
    /// <summary>The watcher overflowed: whatever the consumer waits for is to be broken off. Called once, from any thread.</summary>
    void CutOff();
}
