using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Pilothouse.Storage.Sqlite;

/// <summary>
/// The one writer: a thread that takes whatever waits, applies it in one transaction, flushes it to disk and only then tells
/// the callers. The flush takes most of the time, and what arrives meanwhile goes into the next group.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    // Bounds the time of a transaction and the memory of the queue; callers beyond wait for a place.
    private const int GroupLimit = 512;
    private const int QueueLimit = 4096;

    // How long a group stays open for callers who come back with their next write; see Gather.
    private static readonly long s_longestPause = Microseconds(40);
    private static readonly long s_longestGathering = Microseconds(500);

    private readonly LogTransaction _transaction;
    private readonly string _file;
    private readonly Action<LogTransaction> _publish;
    private readonly SemaphoreSlim _places = new(QueueLimit);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Both guarded by _waiting itself.
    private readonly Queue<LogWork> _waiting = new();
    private bool _closing;

    // The writer's own: the last group had several callers.
    private bool _concurrent;

    /// <summary>Starts the thread, which calls <paramref name="publish"/> after each commit, before its callers are told.</summary>
    public LogWriter(LogTransaction transaction, string file, Action<LogTransaction> publish)
    {
        _transaction = transaction;
        _file = file;
        _publish = publish;
        new Thread(Run) { IsBackground = true, Name = "store writer" }.Start();
    }

    /// <summary>Returns when the work is durable.</summary>
    public async ValueTask<StoreWriteResult> DoAsync(LogWork work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        lock (_waiting)
        {
            if (_closing)
            {
                _places.Release();
                throw Closed();
            }
            _waiting.Enqueue(work);
            if (_waiting.Count == 1)
                Monitor.Pulse(_waiting);
        }
        if (!cancellationToken.CanBeCanceled)
            return await work.Task;
        await using var giveUp = cancellationToken.UnsafeRegister(
            static (state, token) => ((LogWork)state!).TrySetCanceled(token), work);
        return await work.Task;
    }

    /// <summary>Finishes what waits and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_waiting)
        {
            _closing = true;
            Monitor.Pulse(_waiting);
        }
        await _stopped.Task;
    }

    private static StoreException Closed() => new(StoreFault.Unavailable, "the store is closed");

    private void Run()
    {
        var group = new List<LogWork>(GroupLimit);
        var commitTime = 0L;
        while (TakeGroup(group, commitTime / 4))
        {
            var begun = Stopwatch.GetTimestamp();
            if (TryCommit(group, out var failure))
            {
                commitTime = Stopwatch.GetTimestamp() - begun;
                _publish(_transaction);
                foreach (var work in group)
                    work.Complete();
            }
            else
            {
                foreach (var work in group)
                    work.TrySetException(failure);
            }
            _places.Release(group.Count);
            group.Clear();
        }
        _transaction.Dispose();
        _stopped.SetResult();
    }

    private bool TakeGroup(List<LogWork> group, long patience)
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0 && !_closing)
                Monitor.Wait(_waiting);
        }
        if (_concurrent)
            Gather(Math.Min(patience, s_longestGathering));
        lock (_waiting)
        {
            while (group.Count < GroupLimit && _waiting.TryDequeue(out var work))
                group.Add(work);
        }
        _concurrent = group.Count > 1;
        return group.Count > 0;
    }

    /// <summary>
    /// Waits while writes keep coming in, within a part of what a commit takes. The callers of the last group have just been
    /// told, and many come back at once with their next write; a group that closed in their faces would cost a flush for half
    /// of them, again and again, so that two halves take turns for ever.
    /// </summary>
    private void Gather(long patience)
    {
        var begun = Stopwatch.GetTimestamp();
        var (seen, arrived) = (0, begun);
        for (var now = begun; now - begun < patience && now - arrived < s_longestPause; now = Stopwatch.GetTimestamp())
        {
            int count;
            lock (_waiting)
                count = _waiting.Count;
            if (count >= GroupLimit)
                return;
            if (count != seen)
                (seen, arrived) = (count, now);
            Thread.Yield();
        }
    }

    private static long Microseconds(int count) => Stopwatch.Frequency * count / 1_000_000;

    private bool TryCommit(List<LogWork> group, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Exception? failure)
    {
        try
        {
            _transaction.Begin();
            foreach (var work in group)
                work.Apply(_transaction);
            _transaction.Commit();
            failure = null;
            return true;
        }
        catch (SqliteException exception)
        {
            failure = exception.ToStoreException(_file);
        }
#pragma warning disable CA1031 // the callers get it
        catch (Exception exception)
        {
            failure = exception;
        }
#pragma warning restore CA1031
        try
        {
            _transaction.Rollback();
        }
        catch (SqliteException exception)
        {
            // The next transaction fails to begin, and says so.
            failure = new AggregateException(failure, exception);
        }
        return false;
    }
}
