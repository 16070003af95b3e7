using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Pilothouse.Storage.Sqlite;

/// <summary>
/// The one writer. It takes whatever waits, applies it in one transaction, flushes it to disk and only then tells the callers. The
/// flush takes most of the time, and what arrives meanwhile goes into the next group. A caller that finds nobody writes on its own
/// thread; groups are a thread's.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    // Bounds the time of a transaction and the memory of the queue; callers beyond wait for a place.
    private const int GroupLimit = 512;
    private const int QueueLimit = 4096;

    // How long a group waits for callers who come back with their next write: as a part of a flush, and at most; see Gather.
    private const int PatiencePart = 4;
    private static readonly long s_longestPatience = Stopwatch.Frequency / 1000;

    private readonly LogTransaction _transaction;
    private readonly string _file;
    private readonly Action<LogTransaction> _publish;
    private readonly SemaphoreSlim _places = new(QueueLimit);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // These are guarded by _waiting itself.
    private readonly Queue<LogWork> _waiting = new();
    private bool _closing;
    private bool _writing;

    // Of whoever writes: what goes into the transaction, how much went into the last one, and how long its flush took.
    private readonly List<LogWork> _group = new(GroupLimit);
    private int _lastCount;
    private long _flushTime;

    /// <summary>Calls <paramref name="publish"/> after each commit, before its callers are told.</summary>
    public LogWriter(LogTransaction transaction, string file, Action<LogTransaction> publish)
    {
        _transaction = transaction;
        _file = file;
        _publish = publish;
        new Thread(Run) { IsBackground = true, Name = "store writer" }.Start();
    }

    /// <summary>Returns when the work is durable.</summary>
    public ValueTask<StoreWriteResult> DoAsync(LogWork work, CancellationToken cancellationToken)
    {
        if (!TryBeginAlone())
            return EnqueueAsync(work, cancellationToken);
        try
        {
            Write(work);
        }
        finally
        {
            EndAlone();
        }
        return new(work.Task);
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

    private async ValueTask<StoreWriteResult> EnqueueAsync(LogWork work, CancellationToken cancellationToken)
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
            if (_waiting.Count == 1 && !_writing)
                Monitor.Pulse(_waiting);
        }
        if (!cancellationToken.CanBeCanceled)
            return await work.Task;
        await using var giveUp = cancellationToken.UnsafeRegister(
            static (state, token) => ((LogWork)state!).TrySetCanceled(token), work);
        return await work.Task;
    }

    /// <summary>
    /// There is nobody to share a flush with, and there was nobody: to hand the work to another thread and back would only take longer.
    /// The caller's thread waits for the disk, which it must not while the pool has other work for it.
    /// </summary>
    private bool TryBeginAlone()
    {
        if (ThreadPool.PendingWorkItemCount > 0)
            return false;
        lock (_waiting)
        {
            if (_writing || _closing || _waiting.Count > 0 || _lastCount > 1)
                return false;
            return _writing = true;
        }
    }

    private void EndAlone()
    {
        lock (_waiting)
        {
            _writing = false;
            if (_waiting.Count > 0)
                _lastCount = 2; // no longer alone: the caller may come back
            if (_waiting.Count > 0 || _closing)
                Monitor.Pulse(_waiting);
        }
    }

    private void Run()
    {
        while (TryBegin())
        {
            Write(null);
            lock (_waiting)
                _writing = false;
        }
        _transaction.Dispose();
        _stopped.SetResult();
    }

    private bool TryBegin()
    {
        lock (_waiting)
        {
            while (_writing || (_waiting.Count == 0 && !_closing))
                Monitor.Wait(_waiting);
            return _writing = _waiting.Count > 0;
        }
    }

    /// <summary>A transaction, from its beginning until its callers are told: with one work alone, or with what waits.</summary>
    private void Write(LogWork? alone)
    {
        if (TryCommit(alone, out var failure))
        {
            _publish(_transaction);
            foreach (var work in _group)
                work.Complete();
        }
        else
        {
            foreach (var work in _group)
                work.TrySetException(failure);
        }
        if (alone is null)
            _places.Release(_group.Count);
        _lastCount = _group.Count;
        _group.Clear();
    }

    /// <summary>
    /// Applies what was taken, and then what comes, as long as it keeps coming and within a part of what a flush takes. The callers of
    /// the last group have just been told, and many come back at once with their next write; a group that closed in their faces
    /// would cost a flush for half of them, again and again, so that two halves take turns for ever.
    /// </summary>
    private void Gather(bool wait)
    {
        var patience = Math.Min(_flushTime / PatiencePart, s_longestPatience);
        var pause = patience / PatiencePart;
        var expected = wait ? Math.Min(_group.Count + _lastCount, GroupLimit) : _group.Count;
        var applied = 0;
        do
        {
            for (; applied < _group.Count; applied++)
                _group[applied].Apply(_transaction);
        }
        while (applied < expected && TryAwaitMore(pause, ref patience));
    }

    private bool TryAwaitMore(long pause, ref long patience)
    {
        var begun = Stopwatch.GetTimestamp();
        pause = Math.Min(pause, patience);
        do
        {
            if (TakeWaiting())
            {
                patience -= Stopwatch.GetTimestamp() - begun;
                return true;
            }
            Thread.Yield();
        }
        while (Stopwatch.GetTimestamp() - begun < pause);
        return false;
    }

    private bool TakeWaiting()
    {
        lock (_waiting)
        {
            var taken = false;
            while (_group.Count < GroupLimit && _waiting.TryDequeue(out var work))
            {
                _group.Add(work);
                taken = true;
            }
            return taken;
        }
    }

    private bool TryCommit(LogWork? alone, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Exception? failure)
    {
        try
        {
            if (alone is null)
                TakeWaiting();
            else
                _group.Add(alone);
            _transaction.Begin();
            Gather(wait: alone is null && _lastCount > 1);
            var begun = Stopwatch.GetTimestamp();
            _transaction.Commit();
            _flushTime = Stopwatch.GetTimestamp() - begun;
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
